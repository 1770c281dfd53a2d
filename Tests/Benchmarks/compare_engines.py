"""Times our float32 network against other engines, one round of each in turn, in one run.

    swift build -c release --product network-bench
    python3 -m venv /tmp/engines && /tmp/engines/bin/pip install numpy onnxruntime openvino
    /tmp/engines/bin/python Tests/Benchmarks/compare_engines.py --backbone snet49 --input 320x320

Our program exports its graph with seeded weights, the others load that file; all outputs must agree.
Only ratios from one alternating run say anything: other work on the machine hits all engines alike.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np


class Ours:
    def __init__(self, program, arguments, folder):
        command = [program, arguments.backbone, arguments.input, "--threads", str(arguments.threads),
                   "--export", folder, "--serve"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.run()

    def run(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


class ONNXRuntime:
    def __init__(self, model, image, threads):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"])
        self.feed = {self.session.get_inputs()[0].name: image}
        self.names = [output.name for output in self.session.get_outputs()]

    def run(self):
        start = time.perf_counter()
        self.results = self.session.run(None, self.feed)
        return (time.perf_counter() - start) * 1e3

    def outputs(self):
        self.run()
        return dict(zip(self.names, self.results))


class OpenVINO:
    def __init__(self, model, image, threads):
        import openvino
        core = openvino.Core()
        compiled = core.compile_model(core.read_model(model), "CPU", {
            "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32",
            "PERFORMANCE_HINT": "LATENCY"})
        self.request = compiled.create_infer_request()
        self.request.set_input_tensor(openvino.Tensor(image))
        self.names = [output.get_any_name() for output in compiled.outputs]

    def run(self):
        start = time.perf_counter()
        self.request.infer()
        return (time.perf_counter() - start) * 1e3

    def outputs(self):
        self.run()
        return {name: self.request.get_output_tensor(i).data for i, name in enumerate(self.names)}


def check(name, outputs, folder):
    for key, value in outputs.items():
        ours = np.fromfile(pathlib.Path(folder, key + ".f32"), np.float32).reshape(value.shape)
        error = np.abs(ours - value).max() / np.abs(value).max()
        assert error < 1e-4, f"{name} differs on {key} by {error}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backbone", default="snet49")
    parser.add_argument("--input", default="320x320", help="width and height")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--program", default=".build/release/network-bench")
    parser.add_argument("--engines", default="onnxruntime,openvino")
    arguments = parser.parse_args()
    width, height = map(int, arguments.input.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        engines = {"ours": Ours(arguments.program, arguments, folder)}
        image = np.fromfile(pathlib.Path(folder, "input.f32"), np.float32)
        image = image.reshape(1, 3, height, width)
        model = os.path.join(folder, "network.onnx")
        kinds = {"onnxruntime": ONNXRuntime, "openvino": OpenVINO}
        for name in filter(None, arguments.engines.split(",")):
            engines[name] = kinds[name](model, image, arguments.threads)
            check(name, engines[name].outputs(), folder)
        times = {name: [] for name in engines}
        for round in range(arguments.rounds + 10):
            for name, engine in engines.items():
                elapsed = engine.run()
                if round >= 10:
                    times[name].append(elapsed)
        print(f"{arguments.backbone} {arguments.input}, {arguments.threads} thread(s), "
              f"{os.environ.get('THUNDERLINE_CPU', 'best')} instruction set")
        for name in engines:
            ratio = statistics.median(a / b for a, b in zip(times["ours"], times[name]))
            lowest = min(times["ours"]) / min(times[name])
            print(f"{name:12} median {statistics.median(times[name]):7.3f} ms, "
                  f"least {min(times[name]):7.3f} ms; ours takes {ratio:.2f} of its median, "
                  f"{lowest:.2f} of its least")


main()
