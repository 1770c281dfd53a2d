#!/usr/bin/env bash
# Sets up libtorch, builds the trainer, and trains by a recipe:
#
#   bash Samples/train/run.sh RECIPE [OPTIONS of thunderline train]
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
if [ $# -eq 0 ]; then
    echo "usage: bash Samples/train/run.sh RECIPE [OPTIONS], with a recipe such as those in $root/Pipelines/train" >&2
    exit 64
fi

"$root/.ci/install" training
if [ -z "${LIBTORCH:-}${LIBTORCH_USE_PYTORCH:-}" ] && [ ! -e "$root/.torch/lib/libtorch_cpu.so" ]; then
    bash "$root/Samples/train/libtorch.sh"
fi
build=(swift build --package-path "$root" -c release)
"${build[@]}" --product thunderline
"${build[@]}" --traits Training --scratch-path "$root/.build-training" --product thunderline-train
exec "$root/.build/release/thunderline" train "$@"
