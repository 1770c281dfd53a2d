import Foundation
import TestSupport
import Testing

@testable import Tensors

struct ONNXExportTests {
    @Test func nodesAreInTopologicalOrder() throws {
        let graph = try exported(sampleGraph())
        var known = Set(try graph.messages(11).flatMap { $0.strings(1) })
        known.formUnion(try graph.messages(5).flatMap { $0.strings(8) })
        for node in try graph.messages(1) {
            for input in node.strings(1) where !input.isEmpty {
                #expect(known.contains(input), "\(input) comes from nowhere")
            }
            for output in node.strings(2) {
                #expect(known.insert(output).inserted, "\(output) is given twice")
            }
        }
        for output in try graph.messages(12).flatMap({ $0.strings(1) }) {
            #expect(known.contains(output))
        }
    }

    @Test func outputsKeepNamesAndShapes() throws {
        let source = sampleGraph()
        let graph = try exported(source)
        let outputs = try graph.messages(12)
        #expect(outputs.flatMap { $0.strings(1) } == ["attended", "mixed", "logits"])
        for (message, output) in zip(outputs, source.outputs) {
            let tensor = try #require(try message.messages(2).first?.messages(1).first)
            #expect(tensor.integers(1) == [1])
            let dims = try tensor.messages(2).flatMap {
                try $0.messages(1).flatMap { $0.integers(1) }
            }
            #expect(dims == [1] + source.shape(output.value).dims)
        }
    }

    @Test func constantsHoldTheWeights() throws {
        let source = sampleGraph()
        let weights = Weights.random(for: source)
        let model = try WireReader(try source.onnx(weights, name: "sample"))
        #expect(model.integers(1) == [7])
        #expect(try model.messages(8).first?.integers(2) == [13])
        let graph = try #require(try model.messages(7).first)
        var floats = 0
        for constant in try graph.messages(5) where constant.integers(2) == [1] {
            let tensor = weights[try #require(constant.strings(8).first)]
            #expect(constant.integers(1) == tensor.dims)
            let bytes = try #require(constant.bytes(9).first)
            #expect(bytes.count == 4 * tensor.count)
            #expect(
                bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                    == tensor[0].bitPattern)
            floats += 1
        }
        #expect(floats == WeightManifest(source).entries.count)
    }

    @Test func sliceHasTheRightBounds() throws {
        let graph = try exported(sampleGraph())
        let constants = try graph.messages(5)
        func integers(_ name: String) throws -> [UInt8] {
            try #require(constants.first { $0.strings(8) == [name] }?.bytes(9).first)
        }
        #expect(try integers("right.half.starts") == [4, 0, 0, 0, 0, 0, 0, 0])
        #expect(try integers("right.half.ends") == [8, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func nodesNamedLikeOutputsAreRenamed() throws {
        var graph = Graph()
        let x = graph.input(Shape(channels: 2, height: 3, width: 3), name: "x")
        let first = graph.relu(x, name: "result")
        let second = graph.sigmoid(first, name: "other")
        graph.output(second, name: "result")
        graph.output(second, name: "again")
        graph.output(x, name: "same")
        let message = try exported(graph)
        let outputs = try message.messages(1).flatMap { $0.strings(2) }
        #expect(outputs == ["result.value", "result", "again", "same"])
        #expect(
            try message.messages(1).map { $0.strings(4) }.suffix(2) == [["Identity"], ["Identity"]])
    }

    @Test func regionPoolingIsAnErrorThatNamesIt() throws {
        var graph = Graph()
        let map = graph.input(Shape(channels: 4, height: 4, width: 4), name: "map")
        let regions = graph.input(Shape(channels: 4, height: 3, width: 1), name: "regions")
        let pool = RegionPool(
            bins: 2, depth: 1, samples: 2, reduction: .maximum, isAligned: false, stride: 16)
        graph.output(graph.regionPool(map, regions, pool), name: "pooled")
        let error = #expect(throws: ModelError.self) {
            try graph.onnx(.random(for: graph), name: "pool")
        }
        #expect(error?.description.contains("pooled pools regions") == true)
    }

    /// Set `THUNDERLINE_PYTHON` to a Python that has `onnx`, `onnxruntime` and `numpy`.
    @Test(.timeLimit(.minutes(1)), arguments: ["plain", "folded", "planes"])
    func onnxRuntimeMatchesTheInterpreter(kind: String) throws {
        guard let python = ProcessInfo.processInfo.environment["THUNDERLINE_PYTHON"] else {
            print("SKIPPED: THUNDERLINE_PYTHON names no Python with onnx and onnxruntime")
            return
        }
        var graph = kind == "planes" ? oddPlanes() : sampleGraph()
        var weights = Weights.random(for: graph, seed: 5)
        if kind == "folded" {
            let folded = FoldedNetwork(graph, weights)
            (graph, weights) = (folded.graph, folded.weights)
        }
        let image = noise(graph.nodes[0].shape.dims, seed: 11)
        let peer = try peerOutputs(python, graph, weights, image)
        var inputs = ["image": image]
        for node in graph.nodes where node.operation == .input && node.name != "image" {
            inputs[node.name] = Tensor(node.shape)
        }
        let outputs = Interpreter(graph, weights).run(inputs)
        #expect(peer.count == outputs.count)
        for (name, tensor) in outputs {
            let values = try #require(peer[name])
            #expect(relativeError(Tensor(dims: tensor.dims, values), tensor) < 1e-5, "\(name)")
        }
    }

    /// Upsampling by ratios at which a float32 division rounds wrong, and by integers.
    private func oddPlanes() -> Graph {
        var graph = Graph()
        let image = graph.input(Shape(channels: 2, height: 20, width: 14), name: "image")
        for (height, width) in [(24, 16), (48, 78), (40, 28), (23, 15), (20, 28)] {
            let like = graph.input(
                Shape(channels: 1, height: height, width: width), name: "like\(height)x\(width)")
            let result = graph.upsample(image, like: like, name: "up\(height)x\(width)")
            graph.output(result, name: "plane\(height)x\(width)")
        }
        return graph
    }

    /// Runs the checker and ONNX Runtime in a process.
    private func peerOutputs(
        _ python: String, _ graph: Graph, _ weights: Weights, _ image: Tensor
    ) throws -> [String: [Float]] {
        let folder = try Scratch()
        let file = ModelFile(name: "image", metadata: [:], tensors: ["image": image])
        try file.write(to: folder.file("image.safetensors"))
        try Data(try graph.onnx(weights, name: "sample"))
            .write(to: folder.file("model.onnx"))
        let output = Program.run(python, ["-c", checker, folder.url.path])
        try #require(output.status == 0, "the checker refused the model")
        let result = try ModelFile(contentsOf: folder.file("outputs.safetensors"))
        return result.tensors.mapValues(\.values)
    }

    private func exported(_ graph: Graph) throws -> WireReader {
        let model = try WireReader(try graph.onnx(.random(for: graph), name: "sample"))
        return try #require(try model.messages(7).first)
    }

    /// Reads and writes the tensors as safetensors without a library.
    private let checker = """
        import json, struct, sys, numpy, onnx, onnxruntime
        folder = sys.argv[1]
        onnx.checker.check_model(folder + "/model.onnx", full_check=True)
        session = onnxruntime.InferenceSession(folder + "/model.onnx")
        file = open(folder + "/image.safetensors", "rb")
        file.read(struct.unpack("<Q", file.read(8))[0])
        image = numpy.frombuffer(file.read(), "<f4")
        feed = {given.name: numpy.zeros(given.shape, "f4") for given in session.get_inputs()}
        feed["image"] = image.reshape(feed["image"].shape)
        names = [output.name for output in session.get_outputs()]
        header, data = {}, b""
        for name, value in zip(names, session.run(names, feed)):
            end = len(data) + 4 * value.size
            header[name] = {"dtype": "F32", "shape": value.shape, "data_offsets": [len(data), end]}
            data += value.astype("<f4").tobytes()
        header = json.dumps(header).encode()
        with open(folder + "/outputs.safetensors", "wb") as file:
            file.write(struct.pack("<Q", len(header)) + header + data)
        """
}
