#!/usr/bin/env bash
# Sets up libtorch in .torch, for builds with the trait Training.
#
#   libtorch.sh [VERSION]     CPU libraries from a wheel of pip's index (default: 2.13.0)
#   libtorch.sh installed     PyTorch of the active Python, CUDA included; same as LIBTORCH_USE_PYTORCH=1
#
# Then: swift build -c release --traits Training --scratch-path .build-training
set -euo pipefail

version=${1:-2.13.0}
target=$(cd "$(dirname "$0")/../.." && pwd)/.torch
python=${PYTHON:-python3}

report() { printf 'libtorch.sh: %s\n' "$*" >&2; }

die() {
    report "$*"
    exit 1
}

# Links the folders of an installed PyTorch; its libraries find NVIDIA's relative to their own path.
use_installed() {
    local folder
    folder=$("$python" -c 'import pathlib, torch; print(pathlib.Path(torch.__file__).parent)') ||
        die "$python has no PyTorch. Activate its environment, or set PYTHON=/path/to/python3."
    [ -d "$folder/include/ATen" ] || die "$folder has no headers. Install PyTorch from a wheel."
    rm -rf "$target"
    mkdir "$target"
    ln -s "$folder/include" "$folder/lib" "$target/"
    report "$target points to $folder"
}

# Downloads one wheel without its dependencies.
fetch() { "$python" -m pip download --quiet --no-deps --only-binary=:all: --dest "$work" "$@"; }

# Extracts files from a wheel: WHEEL FOLDER PATTERN...
unpack() {
    "$python" - "$@" <<'PYTHON'
import fnmatch, pathlib, sys, zipfile

wheel, folder, *patterns = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns) and not name.endswith("/"):
            path = pathlib.Path(folder, *pathlib.PurePath(name).parts[1:])
            if name.startswith("nvidia/"):
                path = pathlib.Path(folder, "lib", pathlib.PurePath(name).name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(name))
PYTHON
}

# Prints the requirements of a wheel that its CPU library needs: two small NVIDIA packages, or nothing.
small_needs() {
    "$python" - "$1" <<'PYTHON'
import re, sys, zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    text = archive.read(name).decode()
pinned = re.findall(r"^Requires-Dist: (nvidia-cuda-(?:runtime|cupti)\S*==[^ ;]+)", text, re.M)
toolkit = re.search(r"^Requires-Dist: cuda-toolkit\[.*\]==(\d+\.\d+)", text, re.M)
if not pinned and toolkit:
    pinned = [f"nvidia-cuda-{part}=={toolkit[1]}.*" for part in ("runtime", "cupti")]
print(*pinned, sep="\n")
PYTHON
}

use_wheel() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # A CPU wheel is half as large and needs no NVIDIA packages.
    report "downloading PyTorch $version"
    fetch "torch==$version+cpu" 2>/dev/null || fetch "torch==$version" ||
        die "pip finds no PyTorch $version for this system. Try another version, or use an installed PyTorch."
    local wheel fresh=$work/torch needs
    wheel=$(ls "$work"/torch-*.whl)
    unpack "$wheel" "$fresh" 'torch/include/*' 'torch/lib/libtorch_cpu.so' 'torch/lib/libc10.so' 'torch/lib/libgomp*'
    mapfile -t needs < <(small_needs "$wheel")
    if [ -n "${needs[0]:-}" ]; then
        # The CPU library of a CUDA wheel needs 13 MB of the 3 GB that pip would install.
        fetch "${needs[@]}"
        for wheel in "$work"/nvidia_*.whl; do
            unpack "$wheel" "$fresh" '*/libcudart.so.*' '*/libcupti.so.*'
        done
    fi
    [ -e "$fresh/lib/libtorch_cpu.so" ] || die "the wheel contains no libtorch_cpu.so"
    rm -rf "$target"
    mv "$fresh" "$target"
    report "$target: PyTorch $version, $(du -sh "$target" | cut -f1)"
}

if [ "$version" = installed ] || [ "${LIBTORCH_USE_PYTORCH:-0}" = 1 ]; then
    use_installed
else
    use_wheel
fi
