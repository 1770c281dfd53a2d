import Foundation
import TestSupport
import Testing

@testable import Tensors

struct ONNXExportTests {
    @Test func everyValueThatIsReadWasGivenBefore() throws {
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

    @Test func aSliceEndsAndStartsWhereItShould() throws {
        let graph = try exported(sampleGraph())
        let constants = try graph.messages(5)
        func integers(_ name: String) throws -> [UInt8] {
            try #require(constants.first { $0.strings(8) == [name] }?.bytes(9).first)
        }
        #expect(try integers("right.half.starts") == [4, 0, 0, 0, 0, 0, 0, 0])
        #expect(try integers("right.half.ends") == [8, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func namesThatClashWithOutputsStepAside() throws {
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

    @Test func regionPoolingIsRefusedByName() throws {
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
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func onnxRuntimeComputesTheSame(isFolded: Bool) throws {
        guard let python = ProcessInfo.processInfo.environment["THUNDERLINE_PYTHON"] else {
            print("SKIPPED: THUNDERLINE_PYTHON names no Python with onnx and onnxruntime")
            return
        }
        let source = sampleGraph()
        let random = Weights.random(for: source, seed: 5)
        let folded = FoldedNetwork(source, random)
        let (graph, weights) = isFolded ? (folded.graph, folded.weights) : (source, random)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("onnx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = noise([3, 23, 17], seed: 11)
        try Data(try graph.onnx(weights, name: "sample"))
            .write(to: folder.appendingPathComponent("model.onnx"))
        try Data(
            input.values.flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
            }
        )
        .write(to: folder.appendingPathComponent("image.bin"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", checker, folder.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "the checker refused the model")
        for (name, tensor) in Interpreter(graph, weights).run(["image": input]) {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).bin")))
            let values = stride(from: 0, to: bytes.count, by: 4).map { start in
                Float(
                    bitPattern: bytes[start..<start + 4].reversed().reduce(0) {
                        $0 << 8 | UInt32($1)
                    })
            }
            #expect(relativeError(Tensor(dims: tensor.dims, values), tensor) < 1e-5, "\(name)")
        }
    }

    private func exported(_ graph: Graph) throws -> WireReader {
        let model = try WireReader(try graph.onnx(.random(for: graph), name: "sample"))
        return try #require(try model.messages(7).first)
    }

    private let checker = """
        import sys, numpy, onnx, onnxruntime
        folder = sys.argv[1]
        onnx.checker.check_model(folder + "/model.onnx", full_check=True)
        session = onnxruntime.InferenceSession(folder + "/model.onnx")
        given = session.get_inputs()[0]
        image = numpy.fromfile(folder + "/image.bin", "<f4").reshape(given.shape)
        names = [output.name for output in session.get_outputs()]
        for name, value in zip(names, session.run(names, {given.name: image})):
            value.astype("<f4").tofile(folder + "/" + name + ".bin")
        """
}
