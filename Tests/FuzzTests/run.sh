#!/usr/bin/env bash
# Reads random input with every parser, for this many seconds in all: Tests/FuzzTests/run.sh [SECONDS [SEED]].
# The input that ended a parser is left in .build/fuzz/TARGET.input; kept as a file in Seeds/TARGET, it is read in every test.
set -euo pipefail
cd "$(dirname "$0")/../.."
export THUNDERLINE_FUZZ_SECONDS="${1:-600}" THUNDERLINE_FUZZ_SEED="${2:-$RANDOM}"
echo "seed $THUNDERLINE_FUZZ_SEED"
exec swift test -c release -Xswiftc -enable-testing --scratch-path .build/tests --no-parallel --filter '^FuzzTests\.'
