public import Foundation
internal import Tensors

/// The network alone, from the first convolution to proposals and attended features, on random numbers or a picture.
public struct BareNetwork: ~Copyable {
    /// Multiply-adds of one run, as the papers count them.
    public let multiplyAdds: Int
    /// What all threads reach together on registers alone, in billions of operations a second, two a multiply-add.
    public let limitGigaflops: Double
    /// Milliseconds that laying out the plan took.
    public let buildMilliseconds: Double
    /// Milliseconds of the first run of all.
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
        /// Microseconds, the least of several.
        public let microseconds: Double
        /// Multiply-adds that the papers would count.
        public let multiplyAdds: Int

        /// A layer by its parts.
        public init(name: String, microseconds: Double, multiplyAdds: Int) {
            self.name = name
            self.microseconds = microseconds
            self.multiplyAdds = multiplyAdds
        }

        /// Billions of operations a second, two a multiply-add.
        public var gigaflops: Double {
            microseconds > 0 ? 2e-3 * Double(multiplyAdds) / microseconds : 0
        }
    }

    /// The instruction set that the kernels of this program and environment use.
    ///
    /// - Throws: An error when `THUNDERLINE_CPU` names none.
    public static func instructionSet() throws -> String { try set().rawValue }

    /// What some threads reach together on registers alone in float32, in billions of operations a second: measured anew.
    ///
    /// - Throws: An error when `THUNDERLINE_CPU` names no instruction set.
    public static func multiplyAddLimit(threads: Int) throws -> Double {
        try set().multiplyAddLimit(.float32, threads: threads)
    }

    private static func set() throws(PlanError) -> InstructionSet {
        try .limited(by: ProcessInfo.processInfo.environment["THUNDERLINE_CPU"])
    }

    /// Lays the network of a model out and runs it once; a nil side is the model's own.
    ///
    /// The last of `pictures`, which have the network's size, is what it sees in every run.
    ///
    /// - Throws: `ModelError` or `PlanError` when the network cannot be made at that size.
    public init(
        model: Model, width: Int? = nil, height: Int? = nil, threads: Int = 1,
        precision choice: PrecisionChoice = .float32, pictures: NetworkPictures? = nil
    ) throws {
        let own = model.description.input
        let body = try model.description.graph(
            width: width ?? own.width, height: height ?? own.height
        ).body
        let set = try Self.set()
        let network = FoldedNetwork(body, model.weights)
        let image = pictures?.tensors.last ?? Tensor.noise(body.nodes[0].shape)
        let calibration = Array(pictures?.tensors.dropLast() ?? [])
        let (precision, precisions) = try Self.precisions(
            choice, model, set, network, calibration.isEmpty ? [image] : calibration)
        let clock = ContinuousClock()
        let start = clock.now
        var plan = try Plan(
            network, instructionSet: set, threads: threads, precisions: precisions)
        let built = clock.now
        plan.write(image, to: "input")
        let ready = clock.now
        plan.run()
        buildMilliseconds = (built - start).milliseconds
        coldMilliseconds = (clock.now - ready).milliseconds
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

    /// What products are computed in; a model without training is calibrated for 8 bits here.
    private static func precisions(
        _ choice: PrecisionChoice, _ model: Model, _ set: InstructionSet, _ network: FoldedNetwork,
        _ pictures: [Tensor]
    ) throws -> (Precision, PrecisionMap) {
        var narrowing = model.description.narrowing
        if choice == .int8 && !model.isTrained {
            var plan = try Plan(network, instructionSet: set)
            for picture in pictures {
                plan.write(picture, to: "input")
                plan.observe(ranges: &narrowing.ranges)
            }
        }
        let precision = try narrowing.resolve(choice, on: set)
        return (precision, narrowing.map(for: precision, on: set))
    }

    /// Runs the network once and returns its milliseconds.
    public mutating func run() -> Double {
        let clock = ContinuousClock()
        return clock.measure { plan.run() }.milliseconds
    }

    /// Billions of operations a second at a time of one run.
    public func gigaflops(milliseconds: Double) -> Double {
        milliseconds > 0 ? 2e-6 * Double(multiplyAdds) / milliseconds : 0
    }

    /// What each step takes at best, in the order of running.
    public mutating func profile(rounds: Int = 50) -> [Layer] {
        plan.profile(rounds: rounds).map {
            Layer(
                name: $0.name, microseconds: $0.nanoseconds / 1000, multiplyAdds: $0.multiplyAdds)
        }
    }

    /// How far each output is from the reference's, as a share of its largest number.
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

    /// Writes the graph as `network.onnx`, its input, our outputs, and `pictures.f32` for calibration where there are
    /// any, as raw float32, for other engines.
    ///
    /// - Throws: An error when the folder cannot be written or a layer has no counterpart in ONNX.
    public mutating func export(to folder: URL) throws {
        plan.run()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let model = try network.graph.onnx(network.weights, name: name)
        try Data(model).write(to: folder.appendingPathComponent("network.onnx"))
        try image.littleEndian.write(to: folder.appendingPathComponent("input.f32"))
        let pictures = calibration.reduce(into: Data()) { $0 += $1.littleEndian }
        if !pictures.isEmpty {
            try pictures.write(to: folder.appendingPathComponent("pictures.f32"))
        }
        for output in outputs {
            let file = folder.appendingPathComponent("\(output).f32")
            try plan.tensor(output).littleEndian.write(to: file)
        }
    }
}

extension Tensor {
    /// The same normally distributed numbers in every run.
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
