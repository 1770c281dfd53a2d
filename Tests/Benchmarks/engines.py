"""Compares the speed of our network with other engines, a few rounds of each alternating in one run; see `engines.sh`.

Our program exports its graph with seeded weights, and preprocessed images of a recording. The other engines load the
graph. All calibrate 8 bits on the same images. Every engine is timed on one more image, on which all float32 outputs must
agree. Use only ratios from one alternating run: other load on the machine affects all engines alike.
"""

import argparse
import contextlib
import io
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

# ncnn's OpenMP threads would spin for 200 ms beside the next engine.
os.environ.setdefault("KMP_BLOCKTIME", "1")

import numpy as np

from engine_table import COMPACT_HEAD, PRECISIONS, compact_row, markdown, plain

SAMPLE = pathlib.Path(__file__).parents[2] / "Samples" / "road-day.mp4"
PROGRAM = os.environ.get("THUNDERLINE_PROGRAM", ".build/release/thunderline")
# Each round of an engine: a pause in seconds, warm-up runs, counted runs.
PAUSE, WARM, KEPT = 0.01, 2, 3


class Skipped(Exception):
    """Reason why an engine cannot be compared."""


class Ours:
    """Our program, which runs once per line on its input."""

    def __init__(self, case, precision, folder):
        self.case, self.folder = case, folder
        command = [PROGRAM, "bench", "network", "--backbone", case.backbone, "--input", case.input,
                   "--threads", str(case.threads), "--precision", precision, "--pictures", case.recording,
                   "--export", folder, "--serve"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise Skipped(self.process.stderr.read().strip().removeprefix("thunderline: "))
        self.facts = json.loads(line)

    def run(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def outputs(self):
        return {name: exported(self.folder, name).reshape(value.shape) for name, value in self.case.outputs.items()}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def exported(folder, name):
    return np.fromfile(os.path.join(folder, name + ".f32"), np.float32)


class Peer:
    """Another engine inside this process."""

    def run(self):
        start = time.perf_counter()
        self.infer()
        return (time.perf_counter() - start) * 1e3

    def close(self):
        pass


class ONNXRuntime(Peer):
    def __init__(self, case):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = case.threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            case.model, options, providers=["CPUExecutionProvider"])
        self.feed = {self.session.get_inputs()[0].name: case.image}
        self.names = [output.name for output in self.session.get_outputs()]

    def infer(self):
        self.results = self.session.run(None, self.feed)

    def outputs(self):
        self.infer()
        return dict(zip(self.names, self.results))


class OpenVINO(Peer):
    """OpenVINO in float32, bfloat16 (precision hint, where the processor supports it) and int8 (post-training quantisation)."""

    def __init__(self, case, precision):
        import openvino
        core = openvino.Core()
        if precision == "bfloat16" and (
                case.instructions or "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")):
            raise Skipped("there is no bfloat16 arithmetic here")
        model = core.read_model(case.model)
        if precision == "int8":
            model = self.quantised(model, case.pictures)
        hint = "bf16" if precision == "bfloat16" else "f32"
        compiled = core.compile_model(model, "CPU", {
            "INFERENCE_NUM_THREADS": case.threads, "INFERENCE_PRECISION_HINT": hint,
            "PERFORMANCE_HINT": "LATENCY"})
        self.request = compiled.create_infer_request()
        self.request.set_input_tensor(openvino.Tensor(case.image))
        self.names = [output.get_any_name() for output in compiled.outputs]

    @staticmethod
    def quantised(model, pictures):
        try:
            import nncf
        except ImportError as error:
            raise Skipped(f"nncf is missing: {error}")
        nncf.set_log_level(40)
        with contextlib.redirect_stdout(io.StringIO()):
            return nncf.quantize(model, nncf.Dataset(list(pictures)), subset_size=len(pictures))

    def infer(self):
        self.request.infer()

    def outputs(self):
        self.infer()
        return {name: self.request.get_output_tensor(i).data for i, name in enumerate(self.names)}


class NCNN(Peer):
    """ncnn, converted by pnnx, which does not preserve the names of outputs."""

    def __init__(self, case):
        import ncnn
        converter = pathlib.Path(sys.executable).with_name("pnnx")
        if not converter.exists():
            raise Skipped("ncnn's converter pnnx is missing")
        shape = ",".join(map(str, case.image.shape))
        target = pathlib.Path(case.folder, "ncnn.param")
        done = subprocess.run(
            [converter, case.model, f"inputshape=[{shape}]", "fp16=0", f"ncnnparam={target}",
             f"ncnnbin={target.with_suffix('.bin')}"], capture_output=True, text=True, cwd=case.folder)
        if done.returncode != 0 or not target.exists():
            last = (done.stderr or done.stdout).strip().splitlines()[-1:]
            raise Skipped(f"pnnx cannot convert the graph: {' '.join(last)}")
        self.ncnn, self.net = ncnn, ncnn.Net()
        self.net.opt.num_threads = case.threads
        self.net.opt.use_fp16_packed = self.net.opt.use_fp16_storage = False
        self.net.opt.use_fp16_arithmetic = self.net.opt.use_bf16_storage = False
        if self.net.load_param(str(target)) or self.net.load_model(str(target.with_suffix(".bin"))):
            raise Skipped("ncnn cannot load what pnnx made of the graph")
        self.image, self.ours = ncnn.Mat(case.image[0]), case.outputs

    def infer(self):
        extractor = self.net.create_extractor()
        extractor.input(self.net.input_names()[0], self.image)
        self.results = [extractor.extract(name)[1] for name in self.net.output_names()]

    def outputs(self):
        self.infer()
        found = {}
        for result in map(np.array, self.results):
            for name, value in self.ours.items():
                if result.size == value.size:
                    found[name] = result.reshape(value.shape)
        if len(found) != len(self.ours):
            raise Skipped("ncnn's outputs have other shapes than ours")
        return found


class Case:
    """One backbone at one number of threads, with the files that our program exported."""

    def __init__(self, backbone, arguments, threads, folder):
        self.backbone, self.input, self.threads = backbone, arguments.input, threads
        self.folder, self.model = folder, os.path.join(folder, "network.onnx")
        self.instructions, self.recording = arguments.instructions, arguments.pictures
        self.engines, self.skipped, self.agreement = {}, {}, {}
        ours = Ours(self, "float32", folder)
        self.facts, self.engines[("thunderline", "float32")] = ours.facts, ours
        width, height = map(int, arguments.input.split("x"))
        self.image = exported(folder, "input").reshape(1, 3, height, width)
        if not os.path.exists(os.path.join(folder, "pictures.f32")):
            sys.exit(f"{self.recording} has a single picture, which leaves none to calibrate on: name a longer recording.")
        # Arrays with the batch dimension, as nncf passes them to the graph.
        self.pictures = exported(folder, "pictures").reshape(-1, 1, 3, height, width)
        import onnx
        outputs = onnx.load(self.model).graph.output
        self.outputs = {
            output.name: exported(folder, output.name).reshape(
                [size.dim_value for size in output.type.tensor_type.shape.dim]) for output in outputs}
        for precision in PRECISIONS[1:]:
            self.add("thunderline", precision, lambda: Ours(self, precision, os.path.join(folder, precision)))
        for precision in PRECISIONS:
            self.add("OpenVINO", precision, lambda: OpenVINO(self, precision))
        self.add("ONNX Runtime", "float32", lambda: self.unlimited(ONNXRuntime))
        self.add("ncnn", "float32", lambda: self.unlimited(NCNN))

    def unlimited(self, engine):
        if self.instructions:
            raise Skipped("it cannot be limited to some of the processor's instructions")
        return engine(self)

    def add(self, name, precision, make):
        try:
            engine = make()
            error = self.disagreement(engine.outputs())
            self.agreement[(name, precision)] = error
            if precision == "float32" and error > 1e-3:
                raise Skipped(f"its outputs differ from ours by {error:.2g} of the largest number")
            self.engines[(name, precision)] = engine
        except (Skipped, ImportError) as reason:
            self.skipped[(name, precision)] = str(reason)

    def disagreement(self, outputs):
        return max(float(np.abs(self.outputs[name] - value).max() / np.abs(self.outputs[name]).max())
                   for name, value in outputs.items())

    def measure(self, rounds):
        times = {key: [] for key in self.engines}
        for _ in range(rounds):
            for key, engine in self.engines.items():
                # Idle threads of the previous engine spin for a while; they must not take a core from this one.
                time.sleep(PAUSE)
                times[key] += [engine.run() for _ in range(WARM + KEPT)][WARM:]
        for engine in self.engines.values():
            engine.close()
        self.medians = {key: statistics.median(values) for key, values in times.items()}

    def limit(self, gigaflops):
        return 2e-6 * self.facts["multiply_adds"] / gigaflops

    def rows(self, gigaflops):
        limit = self.limit(gigaflops)
        base = self.medians[("thunderline", "float32")]
        for key, median in self.medians.items():
            yield [self.backbone, str(self.threads), *key, f"{median:.2f}", f"{base / median:.2f}",
                   f"{100 * limit / median:.0f} %",
                   f"{self.agreement[key]:.0e}" if key in self.agreement else "–"]


HEAD = ["backbone", "threads", "engine", "precision", "median ms", "our float32 / it",
        "share of float32 limit", "differs from our float32 by"]


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    known = ["fma", "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8"]
    flags = [flag for flag in known if flag in fields.get("flags", "").split()]
    mask = os.environ.get("THUNDERLINE_CPU")
    return (f"{fields.get('model name', 'unknown processor')} (family {fields.get('cpu family')}, "
            f"model {fields.get('model')}; {' '.join(flags)})" + (f"; at most {mask}" if mask else ""))


def versions():
    from importlib.metadata import PackageNotFoundError, version
    found = []
    for name in ["openvino", "onnxruntime", "ncnn", "nncf", "pnnx"]:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            pass
    return ", ".join(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backbones", default="snet49,snet146,snet535")
    parser.add_argument("--input", default="320x320", help="width and height")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--markdown", action="store_true", help="a compact table, one row a case")
    parser.add_argument("--pictures", default=str(SAMPLE), help="a recording to calibrate and compare on")
    parser.add_argument("--instructions", choices=["avx2"], help="what every engine may use at most")
    arguments = parser.parse_args()
    if arguments.instructions:
        os.environ["THUNDERLINE_CPU"] = arguments.instructions
        # OpenVINO uses oneDNN's GEMMs.
        os.environ["ONEDNN_MAX_CPU_ISA"] = arguments.instructions.upper()
    cases, skipped, limits = [], {}, {}
    for backbone in arguments.backbones.split(","):
        for threads in map(int, arguments.threads.split(",")):
            with tempfile.TemporaryDirectory() as folder:
                case = Case(backbone, arguments, threads, folder)
                case.measure(arguments.rounds)
                cases.append(case)
                skipped.update(case.skipped)
                # The maximum: short interruptions by other processes do not lower it.
                limits[threads] = max(limits.get(threads, 0), case.facts["limit_gflops"])
    print(f"{processor()}\n{versions()}")
    print(f"{arguments.input}, medians of {arguments.rounds} alternating turns of {KEPT}; multiply-add limit in float32: "
          + ", ".join(f"{limit:.0f} GFLOP/s on {threads} thread(s)" for threads, limit in limits.items()) + "\n")
    if arguments.markdown:
        print(markdown(COMPACT_HEAD, [compact_row(case.backbone, case.threads, case.medians,
                                                  case.limit(limits[case.threads])) for case in cases]))
    else:
        print(plain(HEAD, [row for case in cases for row in case.rows(limits[case.threads])]))
    for (name, precision), reason in skipped.items():
        print(f"\n{name} in {precision} is left out: {reason}")


if __name__ == "__main__":
    main()
