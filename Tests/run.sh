#!/usr/bin/env bash
# Installs what the tests need, builds with optimised kernels and runs every test.
# Arguments go to `swift test`, such as: Tests/run.sh --filter SceneTests
set -euo pipefail
cd "$(dirname "$0")/.."

.ci/install tests
export THUNDERLINE_PROGRAM="$PWD/.build/tests/release/thunderline"
options=(-c release -Xswiftc -enable-testing --scratch-path .build/tests)
# One test after another: side by side in one process, tests that run programs starve the others of threads.
run=(swift test "${options[@]}" --no-parallel)
[ $# -eq 0 ] || exec "${run[@]}" "$@"

# Most of the time goes by in waiting for cameras, so two processes share the work.
swift build "${options[@]}" --build-tests
live='^(LiveTests|ThunderlineTests)\.'
log="$PWD/.build/tests/half.log"
"${run[@]}" --skip-build --ignore-lock --filter "$live" >"$log" 2>&1 &
half=$!
trap 'kill $half 2>/dev/null || true' EXIT
result=0
"${run[@]}" --skip-build --ignore-lock --skip "$live" || result=$?
wait $half || result=$?
cat "$log"
exit $result
