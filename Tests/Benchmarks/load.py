#!/usr/bin/env python3
"""Load: many cameras in one process, and one large one. Fails where a mark is missed.

    Tests/Benchmarks/load.py many [--cameras 16] [--seconds 40]     # 640x360 at 15 pictures a second
    Tests/Benchmarks/load.py large [--seconds 40]                   # 1920x1080 at 30 pictures a second

Cameras are pretended ones on loopback in a process of their own; its processor time, and that of everything else on the
machine, is told beside. `--clip` shows another recording, `--model` and what follows `--` go to `thunderline live`. Needs
a build of the tests.
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
                self.code, self.took, self.said = live.end()
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
        self.looks = [(new["detected"] - old["detected"]) / self.wall for old, new in zip(before, after)]
        self.frames = [(new["decoded"] - old["decoded"]) / self.wall for old, new in zip(before, after)]
        self.cameras = after
        self.passed = sum(new["superseded"] - old["superseded"] for old, new in zip(before, after))
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

    def marks(self):
        """What is promised, and whether it was kept."""
        width, height, rate = self.size
        tracked = all(
            camera["notDecoded"] == 0 and not camera["dropped"] and camera["losses"] == 0 for camera in self.cameras)
        yield f"every frame tracked ({min(self.frames):.1f} a second of {rate} at least)", \
            tracked and min(self.frames) > 0.97 * rate
        age = percentile(self.ages, 0.99)
        yield f"p99 age under 300 ms ({1e3 * age:.0f} ms of {len(self.ages)} samples)", age < 0.3
        yield f"memory under 600 MB ({self.memory:.0f} MB at most)", self.memory < 600
        if self.many:
            yield f"each camera looked at 5 times a second ({min(self.looks):.1f} to {max(self.looks):.1f})", \
                min(self.looks) >= 5
        else:
            yield f"every frame looked at ({self.looks[0]:.1f} a second, {self.passed} passed over)", \
                self.looks[0] > 0.97 * rate and self.passed == 0
            cores = len(os.sched_getaffinity(0))
            yield f"under 60 % of the cores ({100 * self.share / cores:.0f} % of {cores})", self.share / cores < 0.6

    def report(self):
        width, height, rate = self.size
        print(f"{self.count} cameras of {width}x{height} at {rate} a second, {self.wall:.0f} s; "
              f"{self.share:.2f} cores busy, {self.sending:.2f} with the cameras, {self.others:.2f} with anything else; "
              f"{self.threads} threads; ended in {self.took:.1f} s with {self.code}")
        print("mean ms: " + ", ".join(f"{stage} {ms:.2f}" for stage, ms in sorted(self.stages().items())))
        kept = True
        for mark, is_kept in self.marks():
            print(f"{'kept  ' if is_kept else 'MISSED'} {mark}")
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
