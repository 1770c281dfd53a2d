#!/usr/bin/env bash
# Makes the pictures of the documentation with the built program:
#   road-day.webp   four seconds of the sample with boxes
#   cameras.png     the page of cameras, with two cameras served from the samples
#   highway.jpg     one frame of a real recording with boxes; only when a recording is given
#
#   Samples/pictures.sh [RECORDING [SECONDS]]
#
# Needs `swift build -c release --product thunderline`, and ffmpeg and chromium (`.ci/install tests`).
# THUNDERLINE_PROGRAM names another program.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${THUNDERLINE_PROGRAM:-$PWD/.build/release/thunderline}
folder=$PWD/Sources/Pipeline/Documentation.docc/Resources
scratch=$(mktemp -d)
children=()
cleanup() {
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
    wait
    rm -rf "$scratch"
}
trap cleanup EXIT
mkdir -p "$folder"

# Annotates a section of a recording: start and duration in seconds. Nearly lossless, since the result is encoded again.
annotate() {
    "$program" detect "$1" -o "$2" --start "$3s" --duration "$4s" --crf 10 --quiet
}

# Four seconds of the sample at half of its frame rate.
animation() {
    annotate Samples/road-day.mp4 "$scratch/road.mp4" 1 4
    ffmpeg -v error -y -i "$scratch/road.mp4" -an -vf "fps=15000/1001" -c:v libwebp_anim \
        -quality 60 -compression_level 6 -loop 0 "$folder/road-day.webp"
}

# One frame of a recording, at most 1280 pixels wide, half a second after the tracker has started.
still() {
    annotate "$1" "$scratch/real.mp4" "$2" 0.6
    ffmpeg -v error -y -ss 0.5 -i "$scratch/real.mp4" -frames:v 1 -vf "scale='min(1280,iw)':-2" -q:v 3 \
        "$folder/highway.jpg"
}

# A camera: MPEG-TS over HTTP for one viewer, in real time, without end.
camera() {
    ffmpeg -v error -re -stream_loop -1 -i "$1" -an -c copy -f mpegts -listen 1 "http://127.0.0.1:$2" &
    children+=($!)
}

# A free port of this machine.
port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# The page as a browser shows it after some seconds. Best made on an idle machine: under load detections are fewer.
screenshot() {
    local gate yard page
    gate=$(port) yard=$(port) page=$(port)
    camera Samples/road-day.mp4 "$gate"
    camera Samples/road-dusk.mp4 "$yard"
    sleep 1
    (cd "$scratch" && exec "$program" live "gate=http://127.0.0.1:$gate" "yard=http://127.0.0.1:$yard" \
        --page "127.0.0.1:$page" --detect-fps 10 2>"$scratch/live.log") &
    children+=($!)
    for _ in $(seq 60); do
        (exec 3<>"/dev/tcp/127.0.0.1/$page") 2>/dev/null && break
        sleep 0.5
    done
    sleep 8
    chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=6000 --window-size=1000,640 --hide-scrollbars \
        --user-data-dir="$scratch/profile" --screenshot="$scratch/page.png" "http://127.0.0.1:$page/" \
        2>"$scratch/browser.log" || { cat "$scratch/live.log" "$scratch/browser.log" >&2; return 1; }
    # 256 colours: a third of the size, and no difference to be seen.
    ffmpeg -v error -y -i "$scratch/page.png" -vf "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none" \
        "$folder/cameras.png"
}

animation
screenshot
[ $# -eq 0 ] || still "$1" "${2:-5}"
ls -l "$folder"
