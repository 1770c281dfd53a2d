"""Images per second of whole training steps: this trainer beside one in PyTorch (eager), alternating.

Both train SNet146 at 512x288, batch 16, two threads, with the same augmentation, targets and losses, in bfloat16 where
the processor gains from it. The PyTorch trainer runs in two forms: with frozen statistics and the fast depthwise
gradients it was written with, and in its plain form with live statistics and PyTorch's own depthwise gradients.
A rate counts images from the sixth batch on, reading and augmenting included.

The PyTorch trainer is no part of this project. Its folder has train2.py, store.py and frozen2.py; PYTHON has torch.

usage: bash Samples/train/libtorch.sh && swift build -c release --product thunderline
       swift build -c release --traits Training --scratch-path .build-training --product thunderline-train
       PYTHON=python3 python3 Tests/Benchmarks/train_speed.py .build/release/thunderline REFERENCE TRAIN.json
"""

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RECIPE = """command: train
sets: [some.json]
model:
  start: driving
  classes: [person, bicycle, car, motorcycle, bus, truck]
  input: 512x288
  sizes: [512x288]
run: {output: run, epochs: 1}
"""
# Text of the PyTorch trainer, and its replacement in the plain form.
PLAIN = [
    ("frozen2.freeze(m); m = m.to", "m = m.to"),
    ("; [q.eval() for q in m.modules() if isinstance(q, nn.BatchNorm2d)]", ""),
]


def subset(source, images, folder):
    """Writes the first images of a COCO file, with absolute paths."""
    with open(source, encoding="utf-8") as file:
        whole = json.load(file)
    whole["images"] = whole["images"][:images]
    kept = {image["id"] for image in whole["images"]}
    whole["annotations"] = [each for each in whole["annotations"] if each["image_id"] in kept]
    for image in whole["images"]:
        image["file_name"] = os.path.join(os.path.abspath(os.path.dirname(source)), image["file_name"])
    path = os.path.join(folder, "some.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(whole, file)
    return path


def ours(program, folder):
    """One epoch of `thunderline train`; the rate of train.csv."""
    run = os.path.join(folder, "run")
    store = os.path.join(run, "train.store")
    kept = os.path.join(folder, "train.store")
    if os.path.exists(store):
        os.replace(store, kept)
    shutil.rmtree(run, ignore_errors=True)
    if os.path.exists(kept):
        os.makedirs(run)
        os.replace(kept, store)
    subprocess.run(
        [program, "train", "recipe.yaml", "--threads", "2"], cwd=folder, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(os.path.join(run, "train.csv"), newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["rate"]]
    first, last = rows[5], rows[-1]
    return (int(last["pictures"]) - int(first["pictures"])) / (float(last["seconds"]) - float(first["seconds"]))


def theirs(python, folder, script, seconds):
    """A run of the PyTorch trainer; images per second between its first and its last line."""
    run = subprocess.Popen(
        [python, "-u", script, "--sizes", "512x288", "--bs", "16", "--minutes", str(seconds / 60), "--out", "run.ckpt"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    seen = []
    for line in run.stdout:
        match = re.match(r"\d+ (\d+) seen", line)
        if match:
            seen.append((time.monotonic(), int(match[1])))
    if run.wait() != 0 or len(seen) < 2:
        sys.exit(f"{script} ended with {run.returncode} after {len(seen)} lines; give it more --seconds")
    return (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])


def prepare(reference, python, folder, data):
    """Copies the PyTorch trainer, makes its plain form, and decodes the images for it."""
    for name in os.listdir(reference):
        source = os.path.join(reference, name)
        if name.endswith(".py"):
            shutil.copy(source, folder)
        elif name == "csrc":
            shutil.copytree(source, os.path.join(folder, name))
    with open(os.path.join(folder, "train2.py"), encoding="utf-8") as file:
        text = file.read()
    for old, new in PLAIN:
        if old not in text:
            sys.exit(f"train2.py has no {old!r}; its plain form cannot be made")
        text = text.replace(old, new)
    with open(os.path.join(folder, "plain.py"), "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run([python, "store.py", "store", data], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("reference")
    parser.add_argument("data")
    parser.add_argument("--images", type=int, default=640, help="images of an epoch")
    parser.add_argument("--seconds", type=float, default=90, help="length of a run of the PyTorch trainer")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    python = os.environ.get("PYTHON", "python3")
    program, reference = os.path.abspath(options.program), os.path.abspath(options.reference)
    os.environ.update(SCALES="16,32,64,128,256", OMP_WAIT_POLICY="passive", CXX="g++")
    rates = {"this trainer": [], "PyTorch, frozen": [], "PyTorch, plain": []}
    with tempfile.TemporaryDirectory() as folder:
        data = subset(options.data, options.images, folder)
        prepare(reference, python, folder, data)
        with open(os.path.join(folder, "recipe.yaml"), "w", encoding="utf-8") as file:
            file.write(RECIPE)
        for number in range(options.rounds):
            rates["this trainer"].append(ours(program, folder))
            rates["PyTorch, frozen"].append(theirs(python, folder, "train2.py", options.seconds))
            rates["PyTorch, plain"].append(theirs(python, folder, "plain.py", options.seconds))
            line = ", ".join(f"{name} {each[-1]:.1f}" for name, each in rates.items())
            print(f"round {number + 1}: {line}", flush=True)
    own = rates["this trainer"]
    for name, each in rates.items():
        ratios = statistics.median(a / b for a, b in zip(own, each))
        print(f"{name}: {statistics.median(each):.1f} images per second in the median; ratio {ratios:.2f}")


main()
