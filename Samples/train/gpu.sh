#!/usr/bin/env bash
# Ten minutes on one large GPU: trains a large, the shipped and a small detector, one after another.
#
#   gpu.sh prepare TRAIN.json HELD-OUT.json     needs FFmpeg and Swift, no GPU; writes .gpu
#   gpu.sh run                                  needs Python with PyTorch, no FFmpeg and no Swift; same paths
#
# The trainer is linked to the PyTorch version of TORCH (default: that of the active Python, else 2.13.0), and binds to
# it. SECONDS_EACH (default 150) is the length of a run; DEVICE=cpu tries all of it without a GPU.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
runs=$root/.gpu
python=${PYTHON:-python3}
# Backbone, name, input, sizes. Few sizes: cuDNN searches its fastest kernels anew for each.
models=(
    "snet535 large 640x352 640x352,768x416,512x288"
    "snet146 driving 640x352 640x352,768x416,512x288"
    "snet49 small 512x288 512x288,576x320,448x256"
)

prepare() {
    local version classes store=
    version=${TORCH:-$("$python" -c 'import torch; print(torch.__version__.split("+")[0])' 2>/dev/null || echo 2.13.0)}
    [ -e "$root/.torch/lib/libtorch_cpu.so" ] || bash "$root/Samples/train/libtorch.sh" "$version"
    local build=(swift build --package-path "$root" -c release)
    "${build[@]}" --product thunderline
    # Swift's libraries go into the program; the other machine has none.
    "${build[@]}" --static-swift-stdlib --traits Training --scratch-path "$root/.build-training-static" \
        --product thunderline-train
    classes=$("$python" -c 'import json, sys
print(", ".join(json.dumps(each["name"]) for each in json.load(open(sys.argv[1]))["categories"]))' "$1")
    for model in "${models[@]}"; do
        read -r backbone name input sizes <<<"$model"
        mkdir -p "$runs/$name"
        # All runs read the images of the first.
        if [ -n "$store" ]; then ln -sf "$store"/*.store "$runs/$name/"; fi
        "$root/.build/release/thunderline" train - --prepare --output "$runs/$name" \
            --set "sets=$(realpath "$1")" --set "held-out=$(realpath "$2")" \
            --time "${SECONDS_EACH:-150}s" --set "run.batch=${BATCH:-64}" <<RECIPE
command: train
model: {name: $name, backbone: $backbone, classes: [$classes], input: $input, sizes: [$sizes]}
network: {precision: bfloat16, statistics: live}
optimizer: {rate: 0.04}
RECIPE
        store=${store:-$runs/$name}
    done
    cp "$root/.build-training-static/release/thunderline-train" "$runs/"
}

run() {
    local folder
    folder=$("$python" -c 'import pathlib, torch; print(pathlib.Path(torch.__file__).parent / "lib")' 2>/dev/null) ||
        folder=$root/.torch/lib
    for model in "${models[@]}"; do
        read -r _ name _ <<<"$model"
        local resume=()
        [ ! -e "$runs/$name/run.safetensors" ] || resume=(--resume)
        LD_LIBRARY_PATH=$folder "$runs/thunderline-train" "$runs/$name/resolved.json" "$runs/$name/train.store" \
            "$runs/$name/held-out.store" --output "$runs/$name" --device "${DEVICE:-cuda}" "${resume[@]}"
    done
}

case "${1:-}" in
    prepare)
        [ $# -eq 3 ] || { echo "usage: gpu.sh prepare TRAIN.json HELD-OUT.json" >&2; exit 64; }
        prepare "$2" "$3"
        ;;
    run) run ;;
    *)
        echo "usage: gpu.sh prepare TRAIN.json HELD-OUT.json, then gpu.sh run" >&2
        exit 64
        ;;
esac
