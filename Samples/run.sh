#!/usr/bin/env bash
# Installs the system libraries, builds Thunderline and runs its main job on the sample clip.
# Arguments go to `swift build`.
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/install
swift build -c release --product thunderline "$@"
.build/release/thunderline detect Samples/road-day.mp4 -o road-day-seen.mp4 --overwrite
echo "The annotated video is $PWD/road-day-seen.mp4"
