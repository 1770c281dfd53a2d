#!/usr/bin/env bash
# Compares the network's speed with OpenVINO, ONNX Runtime and ncnn, alternating in one run, and prints one table.
#
#   bash Tests/Benchmarks/engines.sh                      # three backbones, one and two threads
#   bash Tests/Benchmarks/engines.sh --markdown           # one row per case, with ratios
#   bash Tests/Benchmarks/engines.sh --pictures drive.mp4  # calibrates on another recording
#   bash Tests/Benchmarks/engines.sh --instructions avx2   # as on a processor without AVX-512
#   bash Tests/Benchmarks/engines.sh --backbones snet49 --threads 1 --rounds 50
#
# Installs the engines from PyPI into .build/engines. THUNDERLINE_PROGRAM names an existing program.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${THUNDERLINE_PROGRAM:-}" ]; then
    swift build -c release --product thunderline >&2
    export THUNDERLINE_PROGRAM="$PWD/.build/release/thunderline"
fi
python=.build/engines/bin/python
[ -x "$python" ] || python3 -m venv .build/engines
has() { "$python" -c "import importlib.util, sys; sys.exit(any(importlib.util.find_spec(n) is None for n in sys.argv[1:]))" "$@"; }
has numpy onnx onnxruntime openvino ncnn \
    || "$python" -m pip install --quiet numpy onnx onnxruntime openvino ncnn
# int8 of OpenVINO and ncnn need large packages (pnnx depends on PyTorch), which may be missing; the table marks it.
for optional in nncf pnnx; do
    has "$optional" || "$python" -m pip install --quiet "$optional" \
        || echo "$optional could not be installed; engines that need it are left out." >&2
done
exec "$python" Tests/Benchmarks/engines.py "$@"
