#!/usr/bin/env bash
# Times the network against OpenVINO, ONNX Runtime and ncnn, alternating in one run, and prints one table.
#
#   bash Tests/Benchmarks/engines.sh                      # three backbones, one and two threads
#   bash Tests/Benchmarks/engines.sh --markdown           # the README's table
#   bash Tests/Benchmarks/engines.sh --instructions avx2   # as on a processor without AVX-512
#   bash Tests/Benchmarks/engines.sh --backbones snet49 --threads 1 --rounds 50
#
# The engines come from PyPI into .build/engines. THUNDERLINE_PROGRAM names a program that is built already.
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
# What int8 and ncnn need is large (pnnx stands on PyTorch) and may be missing: the table says so then.
for optional in nncf pnnx; do
    has "$optional" || "$python" -m pip install --quiet "$optional" \
        || echo "$optional could not be installed; what needs it is left out." >&2
done
exec "$python" Tests/Benchmarks/engines.py "$@"
