#!/usr/bin/env python3
"""Load: many cameras in one process, or one large one. Fails when a limit is missed.

    Tests/Benchmarks/load.py many [--cameras 16] [--seconds 40]     # 640x360 at 15 frames/s
    Tests/Benchmarks/load.py large [--seconds 40]                   # 1920x1080 at 30 frames/s

Cameras are pretended ones on loopback in a process of their own. The processor time of that process, and of all others on
the machine, is printed as well. `--clip` sends another recording; `--model` and the arguments after `--` go to `thunderline
live`. Needs a build of the tests.
"""

import argparse
import os
import sys
import tempfile
import time

from cameras import PAGE, SAMPLE, Cameras, Live, busy, coded, percentile, processor

WARM_UP = 8.0


class Load:
    def __init__(self, arguments):
        self.many = arguments.kind == "many"
        self.count = arguments.cameras if self.many else 1
        self.size = (640, 360, 15) if self.many else (1920, 1080, 30)
        self.seconds = arguments.seconds
        self.clip = arguments.clip
        self.options = ["--model", arguments.model] + arguments.options

    def run(self, folder):
        cameras = Cameras(coded(self.clip, folder, *self.size), self.count, self.size[2])
        try:
            live = Live([*cameras.addresses, "--page", PAGE, *self.options])
            try:
                time.sleep(WARM_UP)
                self.watch(live, cameras.process.pid)
            finally:
                self.code, self.took, self.log = live.end()
        finally:
            cameras.close()

    def watch(self, live, cameras):
        before, start = live.cameras(), time.monotonic()
        spent = [live.processor(), processor(cameras), busy()]
        self.ages = []
        while time.monotonic() < start + self.seconds:
            time.sleep(0.1)
            self.ages += [camera.get("ageSeconds", 0) for camera in live.cameras()]
        after, self.wall = live.cameras(), time.monotonic() - start
        now = [live.processor(), processor(cameras), busy()]
        self.share, self.sending, machine = [(new - old) / self.wall for old, new in zip(spent, now)]
        self.others = machine - self.share - self.sending
        self.memory = live.memory("VmHWM")
        self.threads = live.threads()
        self.detections = [(new["detected"] - old["detected"]) / self.wall for old, new in zip(before, after)]
        self.frames = [(new["decoded"] - old["decoded"]) / self.wall for old, new in zip(before, after)]
        self.cameras = after
        self.superseded = sum(new["superseded"] - old["superseded"] for old, new in zip(before, after))
        self.metrics = live.get("/metrics").decode()

    def stages(self):
        """Mean milliseconds of each stage, over all cameras."""
        sums, counts = {}, {}
        for line in self.metrics.splitlines():
            for kind, into in (("_sum{", sums), ("_count{", counts)):
                if line.startswith("thunderline_stage_seconds" + kind):
                    stage = line.split('stage="')[1].split('"')[0]
                    into[stage] = into.get(stage, 0) + float(line.split()[-1])
        return {stage: 1e3 * sums[stage] / counts[stage] for stage in sums if counts[stage]}

    def limits(self):
        """Limits, and whether each was kept."""
        width, height, rate = self.size
        tracked = all(
            camera["notDecoded"] == 0 and not camera["dropped"] and camera["losses"] == 0 for camera in self.cameras)
        yield f"every frame tracked ({min(self.frames):.1f} frames/s of {rate} at least)", \
            tracked and min(self.frames) > 0.97 * rate
        age = percentile(self.ages, 0.99)
        yield f"p99 age under 300 ms ({1e3 * age:.0f} ms of {len(self.ages)} samples)", age < 0.3
        yield f"memory under 600 MB ({self.memory:.0f} MB at most)", self.memory < 600
        if self.many:
            yield f"5 detections/s per camera ({min(self.detections):.1f} to {max(self.detections):.1f})", \
                min(self.detections) >= 5
        else:
            yield f"every frame detected ({self.detections[0]:.1f} detections/s, {self.superseded} superseded)", \
                self.detections[0] > 0.97 * rate and self.superseded == 0
            cores = len(os.sched_getaffinity(0))
            yield f"under 60 % of the cores ({100 * self.share / cores:.0f} % of {cores})", self.share / cores < 0.6

    def report(self):
        width, height, rate = self.size
        print(f"{self.count} cameras of {width}x{height} at {rate} frames/s, {self.wall:.0f} s; "
              f"{self.share:.2f} cores busy, {self.sending:.2f} by the cameras, {self.others:.2f} by others; "
              f"{self.threads} threads; ended in {self.took:.1f} s with {self.code}")
        print("mean ms: " + ", ".join(f"{stage} {ms:.2f}" for stage, ms in sorted(self.stages().items())))
        kept = True
        for limit, is_kept in self.limits():
            print(f"{'ok    ' if is_kept else 'MISSED'} {limit}")
            kept = kept and is_kept
        return kept


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["many", "large"])
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--clip", default=SAMPLE)
    parser.add_argument("--model", default="snet49")
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        load = Load(arguments)
        load.run(folder)
        sys.exit(0 if load.report() else 1)


main()
