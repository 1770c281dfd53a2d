#!/usr/bin/env bash
# How much of the cores the whole line uses on a recording, against bare decoding and transcoding by ffmpeg.
#
#   bash Tests/Benchmarks/whole_line.sh CLIP [--model snet49] [--input 320x320] [--repeats 5]
#
# THUNDERLINE_PROGRAM names a program that is built already.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"

if [ -z "${THUNDERLINE_PROGRAM:-}" ]; then
    swift build --package-path "$root" -c release --product thunderline >&2
    export THUNDERLINE_PROGRAM="$root/.build/release/thunderline"
fi
exec python3 "$root/Tests/Benchmarks/whole_line.py" "$@"
