#!/usr/bin/env bash
# Compares the kernels with plain loops: those of this processor, and those of 64-bit ARM in an emulator.
# In C besides the Swift suites, since cross-compiling Swift for ARM needs another SDK.
set -euo pipefail
cd "$(dirname "$0")/../.."

build="$PWD/.build/kernels"
mkdir -p "$build"
compiler="${CC:-clang}"

# compile NAME FLAG...
compile() {
    "$compiler" -O2 -Wall -Wextra -Werror -ISources/CKernels/include "${@:2}" \
        Tests/Kernels/*.c Sources/CKernels/*.c -lm -o "$build/$1"
}

printf '\n-- this processor\n'
compile native
"$build/native"

# One processor without dot products of bytes, and one with them.
cores=(cortex-a53 cortex-a76)
if [ "$(uname -m)" = aarch64 ]; then
    exit 0
fi
if ! command -v qemu-aarch64 >/dev/null || [ ! -e /usr/aarch64-linux-gnu/lib/libc.a ] \
    || ! command -v aarch64-linux-gnu-gcc >/dev/null; then
    echo "SKIPPED: the kernels for 64-bit ARM; .ci/install tests installs an emulator and its libraries"
    exit 0
fi
compile aarch64 --target=aarch64-linux-gnu -static
for core in "${cores[@]}"; do
    printf '\n-- %s, emulated\n' "$core"
    qemu-aarch64 -cpu "$core" "$build/aarch64" neon
done
