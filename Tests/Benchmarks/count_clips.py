"""Counts of three real clips beside counts by eye; an error that grows beyond the recorded one fails.

The counts by eye come from slit scans: the pixels of the line in every frame, one below the other, in which each
vehicle or person that crosses is one shape.

usage: swift build -c release --product thunderline
       python3 Tests/Benchmarks/count_clips.py .build/release/thunderline ../shared/clips
"""

import csv
import os
import subprocess
import sys
import tempfile

VEHICLES = "car,truck,bus"
# Line, counts by eye of its directions, and the recorded error: the sum of both differences.
CLIPS = [
    ("traffic-1280x720-29.97fps.mp4", VEHICLES, [
        ("far", "0.25,0.35 0.78,0.35", {"in": 0, "out": 11}, 8),
        ("near", "0.15,0.62 0.95,0.62", {"in": 0, "out": 11}, 8),
    ]),
    ("traffic-1280x720-30fps-hevc-aac.mp4", VEHICLES, [
        ("near", "0,0.72 0.84,0.72", {"in": 20, "out": 0}, 11),
        ("far", "0,0.6 0.8,0.6", {"in": 20, "out": 0}, 16),
    ]),
    ("people-1920x1080-30fps.mp4", "person", [
        ("near", "0.1,0.75 0.8,0.75", {"in": 1, "out": 1}, 0),
        ("far", "0.15,0.5 0.85,0.5", {"in": 2, "out": 0}, 1),
    ]),
]


def count(program, clip, classes, lines, folder):
    crossings = os.path.join(folder, "crossings.csv")
    command = [program, "detect", clip, "--no-video", "--quiet", "--overwrite", "--classes",
               classes, "--crossings", crossings]
    for name, points, _, _ in lines:
        command += ["--line", f"{name}={points}"]
    subprocess.run(command, check=True)
    found = {}
    with open(crossings, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["line"], row["direction"])
            found[key] = found.get(key, 0) + 1
    return found


def main():
    program, clips = sys.argv[1:3]
    has_grown = False
    print("| clip | line | in, out by eye | counted | error | recorded |\n|---|---|---|---|---|---|")
    for name, classes, lines in CLIPS:
        clip = os.path.join(clips, name)
        if not os.path.exists(clip):
            print(f"| {name} | skipped: there is no such clip | | | | |")
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = count(program, clip, classes, lines, folder)
        for line, _, truth, recorded in lines:
            counted = {way: found.get((line, way), 0) for way in truth}
            error = sum(abs(counted[way] - truth[way]) for way in truth)
            has_grown |= error > recorded
            print(f"| {name} | {line} | {truth['in']}, {truth['out']} "
                  f"| {counted['in']}, {counted['out']} | {error} | {recorded} |", flush=True)
    sys.exit("An error has grown." if has_grown else 0)


if __name__ == "__main__":
    main()
