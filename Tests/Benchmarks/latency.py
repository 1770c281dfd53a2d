#!/usr/bin/env python3
"""Latency from a camera's sending of a frame to its arrival at a viewer of the page, with boxes drawn.

    Tests/Benchmarks/latency.py [--seconds 20] [--size 640x360] [--rate 25] [-- OPTIONS OF LIVE]

A clock is drawn into the frames of a pretended camera: the number of each, as black and white squares. The page's endless
stream is read, and the clock of each frame is compared with its time of arrival. At most ten frames a second are drawn for
the page. Needs a build of the tests.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import urllib.request

from cameras import PAGE, SAMPLE, Cameras, Live, coded, percentile

BITS, SQUARE = 8, 16


def clock():
    """Filters that draw the number of each frame, lowest bit first, into the upper left corner."""
    boxes = [f"drawbox=x=0:y=0:w={BITS * SQUARE}:h={SQUARE}:color=black:t=fill"]
    for bit in range(BITS):
        boxes.append(f"drawbox=x={bit * SQUARE}:y=0:w={SQUARE}:h={SQUARE}:color=white:t=fill:"
                     f"enable='mod(floor(n/{2 ** bit}),2)'")
    return "," + ",".join(boxes)


def frames(live, seconds):
    """Time of arrival and JPEG of each frame of the page's stream."""
    start, found = time.monotonic(), []
    with urllib.request.urlopen(live.page + "/cameras/camera-1.mjpeg", timeout=10) as stream:
        while time.monotonic() < start + seconds:
            length = 0
            for line in iter(stream.readline, b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                if not line:
                    sys.exit("the page's stream ended")
            jpeg = stream.read(length)
            found.append((time.monotonic(), jpeg))
            stream.readline()
    return found


def numbers(jpegs):
    """Numbers drawn into frames."""
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "image2pipe", "-c:v", "mjpeg", "-i", "-", "-vsync", "passthrough", "-vf",
         f"crop={BITS * SQUARE}:{SQUARE}:0:0,scale={BITS}:1:flags=area,format=gray", "-f", "rawvideo", "-"],
        input=b"".join(jpegs), capture_output=True, check=True)
    read = [sum((value > 127) << bit for bit, value in enumerate(done.stdout[at:at + BITS]))
            for at in range(0, len(done.stdout), BITS)]
    if len(read) != len(jpegs):
        sys.exit(f"{len(jpegs)} frames arrived, {len(read)} could be decoded")
    return read


def ages(found, begun, rate, count):
    """Seconds from sending to arrival; numbers repeat after `count` frames."""
    loop = count / rate
    for (at, _), number in zip(found, numbers([jpeg for _, jpeg in found])):
        yield (at - begun - number / rate) % loop


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--size", default="640x360")
    parser.add_argument("--rate", type=int, default=25)
    parser.add_argument("--clip", default=SAMPLE)
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    count = 2 ** BITS
    with tempfile.TemporaryDirectory() as folder:
        clip = coded(arguments.clip, folder, width, height, arguments.rate, count / arguments.rate, clock())
        cameras = Cameras(clip, 1, arguments.rate)
        try:
            live = Live([*cameras.addresses, "--page", PAGE, *arguments.options])
            try:
                begun = cameras.played_at()
                time.sleep(3)
                found = frames(live, arguments.seconds)
            finally:
                live.end()
        finally:
            cameras.close()
    seen = sorted(ages(found, begun, arguments.rate, count))
    print(f"{len(seen)} frames of {arguments.size} at {arguments.rate} frames/s: from camera to page "
          f"{1e3 * percentile(seen, 0.5):.0f} ms (median), {1e3 * percentile(seen, 0.99):.0f} ms (p99), "
          f"{1e3 * seen[-1]:.0f} ms at most")


main()
