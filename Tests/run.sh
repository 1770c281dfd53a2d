#!/usr/bin/env bash
# Installs what the tests need, builds with optimised kernels and runs every test.
# Arguments go to `swift test`, such as: Tests/run.sh --filter SceneTests
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/install tests
export THUNDERLINE_PROGRAM="$PWD/.build/tests/release/thunderline"
# One test after another: side by side on a small machine, tests that run programs starve the others of threads.
exec swift test -c release -Xswiftc -enable-testing --scratch-path .build/tests --no-parallel "$@"
