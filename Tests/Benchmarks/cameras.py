"""Pretended cameras, and a running `thunderline live` on them, for the benchmarks of this folder."""

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
    """Beginning of a clip as cameras send it: H.264, a key frame every second, no B-frames."""
    path = os.path.join(folder, f"{width}x{height}.h264")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", clip, "-an", "-vf",
         f"fps={rate},scale={width}:{height}{filters}", "-frames:v", str(int(seconds * rate)), "-c:v", "libx264",
         "-preset", "veryfast", "-bf", "0", "-g", str(int(rate)), "-sc_threshold", "0", "-pix_fmt", "yuv420p", path],
        check=True)
    return path


def processor(process):
    """Processor time of a process in seconds."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def busy():
    """Processor time of all processes in seconds."""
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
        """Start of the next session that begins to play, on the monotonic clock."""
        return float(self.process.stdout.readline().split()[2])

    def close(self):
        self.process.kill()
        self.process.wait()


class Live:
    """A running `thunderline live`, observed from outside; its arguments must include a page."""

    def __init__(self, arguments):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([PROGRAM, "live", *arguments], stderr=self.log)
        self.page = self.wait_for_page()

    def printed(self):
        self.log.seek(0)
        return self.log.read()

    def wait_for_page(self):
        for _ in range(200):
            found = re.search(r"The page is at (\S+)", self.printed())
            if found:
                return found.group(1).rstrip("/")
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        sys.exit("thunderline live did not start:\n" + self.printed())

    def get(self, path):
        with urllib.request.urlopen(self.page + path, timeout=10) as reply:
            return reply.read()

    def cameras(self):
        return json.loads(self.get("/api/cameras"))

    def proc(self, name):
        with open(f"/proc/{self.process.pid}/{name}") as file:
            return file.read()

    def memory(self, line="VmRSS"):
        """Memory in megabytes; the peak with `VmHWM`."""
        return int(re.search(line + r":\s+(\d+)", self.proc("status")).group(1)) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def processor(self):
        """Processor time in seconds."""
        return processor(self.process.pid)

    def end(self):
        """Stops it as a supervisor does; returns exit code, seconds it took, and the log."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return code, time.monotonic() - start, self.printed()


def percentile(values, share):
    """Smallest value that at least this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
