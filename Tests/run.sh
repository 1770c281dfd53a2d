#!/usr/bin/env bash
# Installs what the tests need, builds with optimised kernels and runs every test.
# Arguments go to `swift test`, such as: Tests/run.sh --filter SceneTests
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/install tests
export THUNDERLINE_PROGRAM="$PWD/.build/tests/release/thunderline"
tests() { swift test -c release -Xswiftc -enable-testing --scratch-path .build/tests "$@"; }

if [ $# -gt 0 ]; then
    tests "$@"
    exit
fi
# Suites that run programs and whole recordings go one test after another: side by side they would starve the
# threads of the others on a small machine.
whole='^(VideoTests|PipelineTests|SamplesTests|ThunderlineTests|ThunderNetTests)'
tests --skip "$whole"
tests --skip-build --no-parallel --filter "$whole"
