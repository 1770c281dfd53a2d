"""Measures the whole line against what its parts cost; `whole_line.sh` runs it.

d, n and e are milliseconds of processor time a frame: of bare decoding (ffmpeg to nothing), of the whole detector
(`bench single-stream` on one thread), and of bare encoding at our settings (ffmpeg's transcoding less its decoding) of
the pictures that `detect` writes: boxes are harder to encode than what they cover. What they add is said.
All programs alternate in one run; a line that wasted nothing would reach cores/(d+n) and cores/(d+n+e) frames a second.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.environ.get("THUNDERLINE_PROGRAM", ".build/release/thunderline")
# What the writer asks of x264 for pictures of this size; see EncoderSettings.
LARGE = "sliced-threads=1:rc-lookahead=1:bframes=1:sync-lookahead=0"
SMALL = "rc-lookahead={half}:bframes=3:sync-lookahead=0"


def probe(clip):
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "V:0", "-count_packets", "-show_entries",
         "stream=nb_read_packets,width,height,r_frame_rate,codec_name", "-of", "json", clip],
        capture_output=True, text=True, check=True)
    stream = json.loads(done.stdout)["streams"][0]
    over, under = map(float, stream["r_frame_rate"].split("/"))
    return stream, int(stream["nb_read_packets"]), over / under


def spend(command):
    """Seconds on the clock and of processor time, and megabytes at most, of a program run to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(command)} failed:\n{complaint}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def decode(clip):
    return ["ffmpeg", "-nostdin", "-y", "-v", "error", "-i", clip, "-an"]


class Parts:
    def __init__(self, arguments, folder):
        self.clip, self.folder = arguments.clip, folder
        stream, self.frames, self.rate = probe(self.clip)
        self.width, self.height = int(stream["width"]), int(stream["height"])
        self.title = f"{stream['codec_name']} {self.width}x{self.height}, {self.frames} frames"
        self.model = ["--model", arguments.model] + (["--input", arguments.input] if arguments.input else [])
        self.detector = [PROGRAM, "bench", "single-stream", self.clip, "--threads", "1", "--time", "2",
                         "--repeats", "1", "--warmup", "0.3", "--duration", "2", "--json"] + self.model
        self.commands = self.lines()
        self.spent = {name: [] for name in self.commands}
        self.detector_ms = []

    def lines(self):
        drawn = self.output("drawn.mkv")
        detect = [PROGRAM, "detect", self.clip, "--overwrite", "-q"] + self.model
        spend(detect + ["-o", drawn, "--audio", "none", "--preset", "ultrafast", "--crf", "0"])  # 0: without loss
        return {
            "bare decoding": decode(self.clip) + ["-f", "null", "-"],
            "bare transcoding": decode(self.clip) + self.encoding(),
            "decoding of what is written": decode(drawn) + ["-f", "null", "-"],
            "transcoding of what is written": decode(drawn) + self.encoding(),
            "detect --no-video": detect + ["--no-video", "--results", self.output("results.ndjson")],
            "detect to H.264": detect + ["-o", self.output("seen.mp4"), "--audio", "none"],
        }

    def encoding(self):
        large = self.width * self.height > 1_500_000
        return ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", str(int(min(300, max(12, self.rate * 4)))),
                "-threads", str(min(4, os.cpu_count())), "-x264-params",
                LARGE if large else SMALL.format(half=int(max(2, self.rate * 0.5)) // 2), self.output("transcoded.mp4")]

    def output(self, name):
        return os.path.join(self.folder, name)

    def run(self, repeats):
        for _ in range(repeats):
            done = subprocess.run(self.detector, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stderr)
            self.detector_ms.append(json.loads(done.stdout)["detector_processor_ms"])
            for name, command in self.commands.items():
                self.spent[name].append(spend(command))

    def median(self, name, place, scale=1.0):
        return statistics.median(spent[place] for spent in self.spent[name]) * scale

    def report(self, cores):
        each = 1e3 / self.frames
        rate = {name: self.frames / self.median(name, 0) for name in self.commands}
        d = self.median("bare decoding", 1, each)
        n = statistics.median(self.detector_ms)
        e = self.median("transcoding of what is written", 1, each)
        e -= self.median("decoding of what is written", 1, each)
        plain = self.median("bare transcoding", 1, each) - d
        print(f"{self.title}; {cores} cores; medians of {len(self.detector_ms)} alternating rounds")
        print(f"processor time a frame: decoding d = {d:.2f} ms, detector n = {n:.2f} ms, encoding e = {e:.2f} ms "
              f"({plain:.2f} ms without boxes)")
        bounds = {"detect --no-video": ("d+n", d + n), "detect to H.264": ("d+n+e", d + n + e)}
        bare = {"detect --no-video": "bare decoding", "detect to H.264": "bare transcoding"}
        for name, (formula, parts) in bounds.items():
            bound = cores * 1e3 / parts
            spent = self.median(name, 1, each)
            busy = self.median(name, 1) / self.median(name, 0) / cores
            print(f"{name}: {rate[name]:.1f} frames/s of wall time, {rate[name] / bound:.2f} of "
                  f"{cores}/({formula}) = {bound:.1f}; {rate[name] / rate[bare[name]]:.2f} of {bare[name]} "
                  f"({rate[bare[name]]:.1f} frames/s)")
            print(f"    it spends {spent:.2f} ms of processor time a frame, {spent - parts:+.2f} beside its parts, and "
                  f"keeps the cores {100 * busy:.0f} % busy; {self.median(name, 2):.0f} MB at most")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip")
    parser.add_argument("--model", default="snet49")
    parser.add_argument("--input", default=None, help="width and height; the model's own by default")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parts = Parts(arguments, folder)
        parts.run(arguments.repeats)
        parts.report(len(os.sched_getaffinity(0)))


main()
