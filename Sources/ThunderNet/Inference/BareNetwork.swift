public import Foundation
public import Tensors

/// The body network alone, from the first convolution to proposals and attended features, for benchmarks.
///
/// Its input is random numbers or an image.
public struct BareNetwork: ~Copyable {
    /// Multiply-adds of one run by the papers' count.
    public let multiplyAdds: Int
    /// Multiply-add throughput of all threads on registers only, in GFLOP/s (two operations per multiply-add).
    public let limitGigaflops: Double
    /// Time to build the plan in milliseconds.
    public let buildMilliseconds: Double
    /// Time of the first run in milliseconds.
    public let coldMilliseconds: Double
    /// Bytes of memory for all maps.
    public let arenaBytes: Int
    /// Bytes of packed weights.
    public let constantBytes: Int
    private let network: FoldedNetwork
    private let name: String
    private let outputs: [String]
    private let image: Tensor
    private let calibration: [Tensor]
    private var plan: Plan

    /// One layer of a profile.
    public struct Layer: Sendable, Hashable {
        /// The node whose value the step stores.
        public let name: String
        /// Time in microseconds, the least of several runs.
        public let microseconds: Double
        /// Multiply-adds by the papers' count.
        public let multiplyAdds: Int

        /// Creates a layer.
        public init(name: String, microseconds: Double, multiplyAdds: Int) {
            self.name = name
            self.microseconds = microseconds
            self.multiplyAdds = multiplyAdds
        }

        /// Throughput in GFLOP/s (two operations per multiply-add).
        public var gigaflops: Double {
            microseconds > 0 ? 2e-3 * Double(multiplyAdds) / microseconds : 0
        }
    }

    /// Builds the network of a model and runs it once.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - width: Width of the input in pixels; nil for the model's own.
    ///   - height: Height of the input in pixels; nil for the model's own.
    ///   - threads: Threads that share large layers.
    ///   - choice: Precision of the GEMMs.
    ///   - images: Images of the network's size. The last is the input of every run; the others calibrate 8 bits.
    ///     Nil for random numbers.
    ///   - set: Upper limit of the kernels' instruction set.
    /// - Throws: `ModelError` or `PlanError` when the network cannot be built at that size.
    public init(
        model: Model, width: Int? = nil, height: Int? = nil, threads: Int = 1,
        precision choice: PrecisionChoice = .float32, images: NetworkImages? = nil,
        instructionSet set: InstructionSet = .best
    ) throws {
        let body = try Self.body(of: model, width, height)
        let network = FoldedNetwork(body, model.weights)
        let image = images?.tensors.last ?? Tensor.noise(body.nodes[0].shape)
        let calibration = Array(images?.tensors.dropLast() ?? [])
        let (precision, precisions) = try Self.precisions(
            choice, model, set, network, calibration.isEmpty ? [image] : calibration)
        let clock = ContinuousClock()
        let start = clock.now
        var plan = try Plan(
            network, instructionSet: set, threads: threads, precisions: precisions)
        buildMilliseconds = (clock.now - start).milliseconds
        plan.write(image, to: "input")
        coldMilliseconds = clock.measure { plan.run() }.milliseconds
        multiplyAdds = Cost(body).multiplyAdds()
        limitGigaflops = set.multiplyAddLimit(precision, threads: threads)
        arenaBytes = plan.arenaBytes
        constantBytes = plan.constantBytes
        outputs = body.outputs.map(\.name)
        self.network = network
        name = model.description.name
        self.image = image
        self.calibration = calibration
        self.plan = plan
    }

    private static func body(of model: Model, _ width: Int?, _ height: Int?) throws -> Graph {
        let own = model.description.input
        return try model.description.graph(
            width: width ?? own.width, height: height ?? own.height
        ).body
    }

    /// The precision of each layer.
    ///
    /// An untrained model is calibrated for 8 bits first.
    private static func precisions(
        _ choice: PrecisionChoice, _ model: Model, _ set: InstructionSet, _ network: FoldedNetwork,
        _ images: [Tensor]
    ) throws -> (Precision, PrecisionMap) {
        var lowPrecision = model.description.lowPrecision
        if choice == .int8 && !model.isTrained {
            var plan = try Plan(network, instructionSet: set)
            for image in images {
                plan.write(image, to: "input")
                plan.observe(ranges: &lowPrecision.ranges)
            }
        }
        let precision = try lowPrecision.resolve(choice, on: set)
        return (precision, lowPrecision.map(for: precision, on: set))
    }

    /// Runs the network once and returns the time in milliseconds.
    public mutating func run() -> Double {
        let clock = ContinuousClock()
        return clock.measure { plan.run() }.milliseconds
    }

    /// Throughput in GFLOP/s for a time of one run in milliseconds.
    public func gigaflops(milliseconds: Double) -> Double {
        milliseconds > 0 ? 2e-6 * Double(multiplyAdds) / milliseconds : 0
    }

    /// The least time of each step, in running order.
    public mutating func profile(rounds: Int = 50) -> [Layer] {
        plan.profile(rounds: rounds).map {
            Layer(
                name: $0.name, microseconds: $0.nanoseconds / 1000, multiplyAdds: $0.multiplyAdds)
        }
    }

    /// The largest deviation of each output from the reference, relative to the output's largest number.
    public mutating func check() -> [(output: String, error: Double)] {
        plan.run()
        let expected = Interpreter(network.graph, network.weights).run(["input": image])
        return outputs.compactMap { name in
            guard let reference = expected[name] else { return nil }
            let result = plan.tensor(name)
            var worst: Float = 0
            var scale: Float = 0
            for index in 0..<result.count {
                worst = max(worst, abs(result[index] - reference[index]))
                scale = max(scale, abs(reference[index]))
            }
            return (name, Double(worst / max(scale, .leastNormalMagnitude)))
        }
    }

    /// Writes files for other engines: the graph as `network.onnx`, and the input, this plan's outputs and any
    /// calibration images (`pictures.f32`) as raw float32.
    ///
    /// - Throws: An error when the folder cannot be written or ONNX has no counterpart of a layer.
    public mutating func export(to folder: URL) throws {
        plan.run()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let model = try network.graph.onnx(network.weights, name: name)
        try Data(model).write(to: folder.appendingPathComponent("network.onnx"))
        try image.littleEndian.write(to: folder.appendingPathComponent("input.f32"))
        let images = calibration.reduce(into: Data()) { $0 += $1.littleEndian }
        if !images.isEmpty {
            try images.write(to: folder.appendingPathComponent("pictures.f32"))
        }
        for output in outputs {
            let file = folder.appendingPathComponent("\(output).f32")
            try plan.tensor(output).littleEndian.write(to: file)
        }
    }
}

extension Tensor {
    /// Normally distributed numbers, equal in every run.
    fileprivate static func noise(_ shape: Shape) -> Tensor {
        var source = NormalSource(seed: 1)
        var image = Tensor(shape)
        image.withMutableSpan { span in
            for index in span.indices { span[index] = source.next() }
        }
        return image
    }

    fileprivate var littleEndian: Data {
        var data = Data(capacity: 4 * count)
        for number in values {
            for shift in stride(from: 0, to: 32, by: 8) {
                data.append(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
            }
        }
        return data
    }
}

extension Duration {
    /// The duration in milliseconds.
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) * 1e-15
    }
}
