#!/usr/bin/env python3
"""Drives Chromium over its debugging pipe: browser.py CHROMIUM PROFILE WIDTHxHEIGHT, steps as a JSON array on standard input.

Each step is an object with one of these keys; what each prints is one line of JSON:
  open URL · evaluate EXPRESSION (promises are awaited) · wait EXPRESSION (until true, 15 s) · key TEXT
  drag [[x, y], …] or an expression for them (pressed at the first point, released at the last) · screenshot PATH
  scheme "dark" or "light" · size [width, height]
The last line holds the messages of the console and the errors of the page.
"""
import base64
import json
import os
import subprocess
import sys
import time


class Browser:
    def __init__(self, program, profile, size):
        read, self.write = os.pipe()
        self.read, write = os.pipe()
        command = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
            "--autoplay-policy=no-user-gesture-required", "--user-data-dir=" + profile,
            "--window-size=%d,%d" % size, "about:blank",
        ]
        # Chromium reads commands from descriptor 3 and answers on 4.
        def arrange():
            first, second = os.dup(read), os.dup(write)
            os.dup2(first, 3)
            os.dup2(second, 4)
        self.process = subprocess.Popen(
            command, close_fds=False, preexec_fn=arrange, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read)
        os.close(write)
        self.buffer, self.number, self.session, self.complaints = b"", 0, None, []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call(
            "Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(domain + ".enable")
        self.resize(*size)

    def message(self):
        while b"\0" not in self.buffer:
            chunk = os.read(self.read, 1 << 16)
            if not chunk:
                sys.exit("the browser has ended")
            self.buffer += chunk
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        while True:
            reply = self.message()
            if reply.get("id") == self.number:
                if "error" in reply:
                    sys.exit("%s: %s" % (method, reply["error"]["message"]))
                return reply["result"]
            self.note(reply)

    def note(self, event):
        facts = event.get("params", {})
        if event.get("method") == "Runtime.consoleAPICalled" and facts["type"] in ("error", "warning"):
            self.complaints.append(str([value.get("value") for value in facts["args"]]))
        elif event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(facts["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif event.get("method") == "Log.entryAdded" and facts["entry"]["level"] == "error":
            self.complaints.append(facts["entry"]["text"] + " " + facts["entry"].get("url", ""))

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            return {"error": result["exceptionDetails"].get("exception", {}).get("description", "exception")}
        return result["result"].get("value")

    def wait(self, expression):
        end = time.monotonic() + 15
        while time.monotonic() < end:
            if self.evaluate(expression) is True:
                return True
            time.sleep(0.05)
        return False

    def key(self, text):
        named = {"Escape": 27, "Enter": 13, "Tab": 9, "Delete": 46, "ArrowLeft": 37, "ArrowUp": 38,
                 "ArrowRight": 39, "ArrowDown": 40}
        facts = {"key": text, "windowsVirtualKeyCode": named[text]} if text in named else {"key": text, "text": text}
        self.call("Input.dispatchKeyEvent", type="keyDown", **facts)
        self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def drag(self, points):
        if isinstance(points, str):
            points = [tuple(point) for point in self.evaluate(points)]
        for kind, (x, y) in [("mouseMoved", points[0]), ("mousePressed", points[0])] + [
            ("mouseMoved", point) for point in points[1:]] + [("mouseReleased", points[-1])]:
            pressed = 0 if kind == "mouseMoved" and (x, y) == tuple(points[0]) else 1
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=pressed, clickCount=1)

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def size(self, pair):
        self.resize(*pair)


def main():
    program, profile, size = sys.argv[1:4]
    browser = Browser(program, profile, tuple(int(side) for side in size.split("x")))
    try:
        for step in json.load(sys.stdin):
            (name, value), = step.items()
            print(json.dumps(getattr(browser, name)(value)), flush=True)
        print(json.dumps(browser.complaints))
    finally:
        browser.process.terminate()
        browser.process.wait()


main()
