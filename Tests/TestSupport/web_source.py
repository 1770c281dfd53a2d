"""Serves recordings and MJPEG cameras over HTTP: web_source.py FOLDER PORT IMAGES RATE.

/file/NAME sends a file with its length, /stream/NAME without; /parts, /unbounded and /raw send the
images of an MJPEG file at RATE a second, as parts, as parts whose first has no boundary, and raw.
"""

import http.server
import socketserver
import sys
import time

folder, port, images, rate = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])


class Source(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        kind, _, name = self.path.split("?")[0].strip("/").partition("/")
        try:
            if kind in ("file", "stream"):
                self.send(kind, name)
            else:
                self.watch(kind)
        except (ConnectionError, FileNotFoundError):
            pass

    def send(self, kind, name):
        with open(f"{folder}/{name}", "rb") as file:
            data = file.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        if kind == "file":
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def watch(self, kind):
        start = b"\xff\xd8\xff"
        with open(images, "rb") as file:
            parts = [start + part for part in file.read().split(start)[1:]]
        self.send_response(200)
        form = "video/x-motion-jpeg" if kind == "raw" else "multipart/x-mixed-replace; boundary=b"
        self.send_header("Content-Type", form)
        self.end_headers()
        begun = time.monotonic()
        for number in range(10_000):
            part = parts[number % len(parts)]
            if kind != "raw":
                boundary = b"" if kind == "unbounded" and number == 0 else b"--b\r\n"
                head = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(part)
                part = boundary + head + part + b"\r\n"
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(max(begun + (number + 1) / rate - time.monotonic(), 0))


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", port), Source)
print("ready", flush=True)
server.serve_forever()
