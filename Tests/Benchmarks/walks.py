"""Seven elementary walks, counted by Thunderline and by `supervision` (PyPI, Roboflow), as a table.

usage: swift build -c release --product counting-bench
       python3 -m venv /tmp/walks && /tmp/walks/bin/pip install supervision
       /tmp/walks/bin/python Tests/Benchmarks/walks.py .build/release/counting-bench
"""

import json
import subprocess
import sys

import numpy
import supervision

SIDE = 1000
LINE = [[300, 500], [700, 500]]


def standing(x, y, width=40, height=40):
    """Box whose bottom centre is at a place."""
    return [x - width / 2, y - height, x + width / 2, y]


def up(x, width=40, height=40):
    """Walk upwards across the level of the line, 5 pixels a frame."""
    return [standing(x, 600 - 5 * step, width, height) for step in range(41)]


def around():
    """Walk from below the line around its end to above it."""
    below = [standing(600 + 5 * step, 600) for step in range(41)]
    beside = [standing(800, 600 - 5 * step) for step in range(41)]
    return below + beside + [standing(800 - 5 * step, 400) for step in range(41)]


def jitter(count, spread=1):
    return [standing(500, 500 + (spread if step % 2 == 0 else -spread)) for step in range(count)]


def walk(name, right, boxes, kind="line", points=None, threshold=1, anchors="corners"):
    return {
        "name": name, "right": right, "boxes": boxes, "kind": kind, "points": points or LINE,
        "threshold": threshold, "anchors": anchors, "fps": 30, "side": SIDE,
    }


def jittered_crossing():
    approach = [standing(500, 600 - 5 * step) for step in range(20)]
    departure = [standing(500, 495 - 5 * step) for step in range(20)]
    return approach + [standing(500, 500 + step % 3 - 1) for step in range(50)] + departure


WALKS = [
    walk("box 50-300 in zone 0-100: inside?", 0, [[50, 10, 300, 90]] * 10, "zone",
         [[0, 0], [100, 0], [100, 1000], [0, 1000]]),
    walk("round the end of the line", 0, around(), anchors="bottom"),
    walk("parked on the line, 1 px jitter", 0, jitter(20), anchors="bottom"),
    walk("jitter on the line, one crossing, threshold 3", 1, jittered_crossing(), threshold=3,
         anchors="bottom"),
    walk("fast car, three frames, threshold 3", 1,
         [standing(500, y, 80, 60) for y in (560, 480, 400)], threshold=3, anchors="bottom"),
    walk("identity jumps to another object", 0,
         [standing(500, 600 if step < 50 else 300) for step in range(100)], anchors="bottom"),
    walk("one corner overhangs the end, four corners", 1, up(680, 100, 80)),
    walk("the same well inside, four corners", 1, up(500, 100, 80)),
]


def by_supervision(given):
    """Crossings in and out, or objects inside."""
    points = numpy.array(given["points"])
    if given["kind"] == "zone":
        zone = supervision.PolygonZone(polygon=points)
    else:
        start, end = (supervision.Point(*point) for point in given["points"])
        options = {"minimum_crossing_threshold": given["threshold"]}
        if given["anchors"] == "bottom":
            options["triggering_anchors"] = [supervision.Position.BOTTOM_CENTER]
        zone = supervision.LineZone(start=start, end=end, **options)
    most = 0
    for box in given["boxes"]:
        detections = supervision.Detections(
            xyxy=numpy.array([box], dtype=float), class_id=numpy.array([0]),
            tracker_id=numpy.array([1]))
        inside = zone.trigger(detections)
        if given["kind"] == "zone":
            most = max(most, int(numpy.sum(inside)))
    if given["kind"] == "zone":
        return {"inside": most}
    return {"in": zone.in_count, "out": zone.out_count}


def text(given, counts):
    if given["kind"] == "zone":
        return str(counts["inside"])
    return f"{counts['in']} in {counts['out']} out"


def main():
    ours = json.loads(subprocess.run(
        [sys.argv[1], "walks"], input=json.dumps(WALKS), capture_output=True, text=True,
        check=True).stdout)
    name = f"supervision {supervision.__version__}"
    print(f"| walk | right | Thunderline | {name} |")
    print("|---|---|---|---|")
    wrong = [0, 0]
    for given, own in zip(WALKS, ours):
        row = []
        for place, counts in enumerate((own, by_supervision(given))):
            total = counts["inside"] if given["kind"] == "zone" else counts["in"] + counts["out"]
            wrong[place] += total != given["right"]
            row.append(text(given, counts))
        print(f"| {given['name']} | {given['right']} | {row[0]} | {row[1]} |")
    print(f"\nwrong: Thunderline {wrong[0]}, {name} {wrong[1]}, of {len(WALKS)}")
    sys.exit(1 if wrong[0] else 0)


if __name__ == "__main__":
    main()
