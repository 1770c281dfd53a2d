#!/usr/bin/env python3
"""Soak test of `thunderline live` on cameras with random faults; fails when a resource grows.

    Tests/Benchmarks/soak.py [--seconds 3600] [--cameras 8] [--seed 1] [--samples FILE.csv]

Pretended cameras, half of them over UDP, freeze, fall silent, disconnect, stop and come back, lose and swap packets, jump
in time and refuse the password. Once a second the script samples memory, descriptors (without those of open connections),
threads and the age of the newest frame, and requests a frame of the page. Needs a build of the tests.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
import urllib.error

from cameras import PAGE, SAMPLE, Cameras, Live, coded

WINDOWS = 12
# Allowed growth over the whole run after the warm-up: an amount, or a share of the level.
ALLOWED = {"memory": (10.0, 0.05), "descriptors": (3, 0), "threads": (3, 0), "age": (0.1, 0)}
# The C library's arenas fill for a quarter of an hour: a shorter run may see twice the growth of memory. A leak per loss,
# such as a decoder or a frame, is megabytes each and is found nevertheless.
FILLING = 900
# Descriptors of an open connection, which are no growth.
SOCKETS = {"tcp": 1, "udp": 3}
UNITS = {"memory": "MB", "descriptors": "", "threads": "", "age": "s"}


def growth(values):
    """Robust growth of a series from its beginning to its end, without spikes.

    The series is reduced to the lower quartile of each window: memory that a fault takes for a while is not growth. The
    slope is the median over all pairs of windows (Theil-Sen estimator).

    >>> growth([10] * 600)
    0.0
    >>> growth([10 + (i % 50 == 0) * 90 for i in range(600)])
    0.0
    >>> round(growth([10 + i / 100 for i in range(600)]), 1)
    5.5
    >>> growth([10] * 300 + [11] * 300) < 2
    True
    """
    size = len(values) // WINDOWS
    levels = [sorted(values[place * size:(place + 1) * size])[size // 4] for place in range(WINDOWS)]
    slopes = [(levels[b] - levels[a]) / (b - a) for a in range(WINDOWS) for b in range(a + 1, WINDOWS)]
    return float(statistics.median(slopes) * (WINDOWS - 1))


def definition(addresses, folder):
    """Cameras as a pipeline file: every other one over UDP."""
    lines = ["command: live", "connection: { open: 4s, first-frame: 4s, silence: 2s }",
             "model: { input: 320x192 }", "tracking: { detect-fps: 2 }",
             f"events: {{ file: {folder}/events.ndjson }}", f"page: {{ address: {PAGE} }}", "cameras:"]
    for number, address in enumerate(addresses):
        transport = ("tcp", "udp")[number % 2]
        lines.append(f"  - {{ name: c{number}, source: {address}, connection: {{ transport: {transport} }} }}")
    path = os.path.join(folder, "soak.yaml")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    return path


def request_frame(live, name):
    """Requests a drawn frame, as a viewer of the page would; a camera without frames answers 503."""
    try:
        live.get(f"/cameras/{name}.jpg")
    except urllib.error.HTTPError as error:
        if error.code != 503:
            raise


def watch(live, arguments):
    chance = random.Random(arguments.seed)
    start, samples = time.monotonic(), []
    while time.monotonic() < start + arguments.seconds:
        time.sleep(1)
        cameras = live.cameras()
        up = [camera for camera in cameras if camera["state"] == "watching"]
        shown = [camera["ageSeconds"] for camera in up]
        if up:
            request_frame(live, chance.choice(up)["name"])
        samples.append({
            "seconds": time.monotonic() - start, "memory": live.memory(),
            "descriptors": live.descriptors() - sum(SOCKETS[camera["transport"]] for camera in up),
            "threads": live.threads(), "age": statistics.median(shown) if shown else None,
            "processor": live.processor(), "up": len(shown), "losses": sum(camera["losses"] for camera in cameras)})
    return samples, cameras


def keep(samples, path):
    with open(path, "w") as file:
        file.write(",".join(samples[0]) + "\n")
        for sample in samples:
            file.write(",".join("" if value is None else f"{value:.3f}" for value in sample.values()) + "\n")


def judge(samples):
    """Prints the growth of each resource; true when all are within their limits."""
    settled = samples[min(len(samples) // 4, 900):]
    are_kept = True
    for name, (amount, share) in ALLOWED.items():
        values = [sample[name] for sample in settled if sample[name] is not None]
        if len(values) < 2 * WINDOWS:
            print(f"MISSED {name}: too few samples")
            are_kept = False
            continue
        grown, level = growth(values), statistics.median(values)
        allowed = max(amount, share * level)
        if name == "memory" and samples[-1]["seconds"] < FILLING:
            allowed *= 2
        is_kept = grown <= allowed
        print(f"{'ok    ' if is_kept else 'MISSED'} {name}: {level:.2f} {UNITS[name]} median, "
              f"{max(values):.2f} at most, grew by {grown:+.2f} of {allowed:.2f} allowed")
        are_kept = are_kept and is_kept
    return are_kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--samples", help="CSV file of all samples")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cameras = Cameras(coded(SAMPLE, folder, 320, 192, 15), arguments.cameras, 15, arguments.seed)
        try:
            live = Live([definition(cameras.addresses, folder)])
            try:
                samples, last = watch(live, arguments)
            finally:
                code, took, log = live.end()
        finally:
            cameras.close()
    if arguments.samples:
        keep(samples, arguments.samples)
    share = samples[-1]["processor"] / samples[-1]["seconds"]
    print(f"{arguments.cameras} cameras, {samples[-1]['seconds']:.0f} s, {sum(c['decoded'] for c in last)} frames, "
          f"{samples[-1]['losses']} connections lost, {share:.2f} cores busy")
    are_kept = judge(samples)
    # 75: some camera never sent a frame, which may happen to one of many.
    is_ended = code in (0, 75) and took < 2 and "do not add up" not in log
    print(f"{'ok    ' if is_ended else 'MISSED'} end: exit code {code} after {took:.1f} s, every frame accounted for")
    if not is_ended:
        print(log)
    sys.exit(0 if are_kept and is_ended and samples[-1]["losses"] > 0 else 1)


if __name__ == "__main__":
    main()
