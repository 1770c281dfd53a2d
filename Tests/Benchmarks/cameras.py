"""Pretended cameras, and a running `thunderline live` that watches them, for the measurements beside this file."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILT = os.path.join(ROOT, ".build/tests/release")
PROGRAM = os.environ.get("THUNDERLINE_PROGRAM", os.path.join(BUILT, "thunderline"))
CAMERAS = os.path.join(BUILT, "pretended-cameras")
SAMPLE = os.path.join(ROOT, "Samples/road-day.mp4")
PAGE = "127.0.0.1:0"
TICKS = os.sysconf("SC_CLK_TCK")


def coded(clip, folder, width, height, rate, seconds=10, filters=""):
    """The beginning of a clip as cameras send it: H.264, a key frame a second, no picture out of order."""
    path = os.path.join(folder, f"{width}x{height}.h264")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", clip, "-an", "-vf",
         f"fps={rate},scale={width}:{height}{filters}", "-frames:v", str(int(seconds * rate)), "-c:v", "libx264",
         "-preset", "veryfast", "-bf", "0", "-g", str(int(rate)), "-sc_threshold", "0", "-pix_fmt", "yuv420p", path],
        check=True)
    return path


def processor(process):
    """Seconds of processor time that a process has taken."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def busy():
    """Seconds of processor time that anything has taken on this machine."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, interrupts, soft = map(int, file.readline().split()[1:8])
    return (user + nice + system + interrupts + soft) / TICKS


class Cameras:
    """Pretended cameras in a process of their own; see Tests/PretendedCameras."""

    def __init__(self, clip, count, rate, seed=None):
        arguments = [CAMERAS, clip, str(count), str(rate)] + ([str(seed)] if seed is not None else [])
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        self.addresses = []
        for line in self.process.stdout:
            if line == "ready\n":
                break
            self.addresses.append(line.strip())
        if len(self.addresses) != count:
            sys.exit("the pretended cameras did not start")

    def played_at(self):
        """When the next session that begins to play did so, on this machine's monotonic clock."""
        return float(self.process.stdout.readline().split()[2])

    def close(self):
        self.process.kill()
        self.process.wait()


class Live:
    """A running `thunderline live`, and what can be seen of it from outside; the arguments ask for a page."""

    def __init__(self, arguments):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([PROGRAM, "live", *arguments], stderr=self.log)
        self.page = self.wait_for_page()

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def wait_for_page(self):
        for _ in range(200):
            found = re.search(r"The page is at (\S+)", self.said())
            if found:
                return found.group(1).rstrip("/")
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit("thunderline live did not start:\n" + self.said())

    def get(self, path):
        with urllib.request.urlopen(self.page + path, timeout=10) as reply:
            return reply.read()

    def cameras(self):
        return json.loads(self.get("/api/cameras"))

    def proc(self, name):
        with open(f"/proc/{self.process.pid}/{name}") as file:
            return file.read()

    def memory(self, line="VmRSS"):
        """Megabytes at present, or at most with `VmHWM`."""
        return int(re.search(line + r":\s+(\d+)", self.proc("status")).group(1)) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def processor(self):
        """Seconds of processor time so far."""
        return processor(self.process.pid)

    def end(self):
        """Asks it to stop, as a supervisor does; returns exit code, seconds that it took, and all that it said."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return code, time.monotonic() - start, self.said()


def percentile(values, share):
    """The smallest value that so large a share of all is not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
