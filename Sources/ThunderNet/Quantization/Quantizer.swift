import Scene
public import Tensors

/// Calibrates a model for 8 bits: finds the ranges of GEMM inputs, and the layers that tolerate quantization.
///
/// Call ``observe(rgb:width:height:)`` with images of the kind that the model will process, then ``errors(stop:)`` and
/// ``lowPrecision(_:errorLimit:)``.
public struct Quantizer: ~Copyable {
    /// Number of images that are kept to measure errors.
    private static let sampleLimit = 6

    /// An image with the regions and outputs in float32.
    private struct Sample {
        let image: Tensor
        let regions: [Detection]
        let outputs: [[Float]]
    }

    private let model: Model
    private let graph: DetectorGraph
    private let set: InstructionSet
    private let engine: PlanEngine
    private var input: ImageInput
    private var proposals: Proposals
    private var regions: [Detection] = []
    private var samples: [Sample] = []
    private var ranges: [String: ClosedRange<Float>] = [:]

    /// Prepares a model at its own input size.
    ///
    /// - Parameters:
    ///   - model: The model to calibrate.
    ///   - set: The instruction set whose kernels are measured.
    /// - Throws: `PlanError` when a layer has no kernel.
    public init(model: Model, instructionSet set: InstructionSet = .best) throws {
        let description = model.description
        let width = description.input.width
        let height = description.input.height
        let graph = try description.graph(width: width, height: height)
        engine = try PlanEngine(graph, model.weights, set, threads: 1, precisions: .float32)
        self.model = model
        self.graph = graph
        self.set = set
        input = ImageInput(
            width: width, height: height, normalization: description.input.normalization,
            fit: description.input.fit)
        proposals = Proposals(description, width: width, height: height)
    }

    /// Images observed so far.
    public private(set) var images = 0

    /// Extends the ranges by those of an image.
    ///
    /// - Parameters:
    ///   - rgb: 8-bit red, green, blue, rows without gaps.
    ///   - width: Width of the image in pixels; any.
    ///   - height: Height of the image in pixels; any.
    public mutating func observe(rgb: Span<UInt8>, width: Int, height: Int) {
        engine.load(&input, rgb: rgb, width: width, height: height)
        engine.observeBody(&ranges)
        engine.findRegions(&proposals, into: &regions)
        engine.observeHead(regions, &ranges)
        images += 1
        guard samples.count < Self.sampleLimit else { return }
        samples.append(
            Sample(
                image: engine.image, regions: regions,
                outputs: engine.outputs(regions: regions.count)))
    }

    /// Measures the error of the outputs when a single layer is computed in 8 bits, for each layer.
    ///
    /// - Parameter stop: Checked before each layer.
    /// - Returns: By the layer's name, the mean over all outputs of the squared error relative to the output's square.
    /// - Throws: `PlanError` as the initialiser does; `CancellationError` when `stop` returns true.
    public func errors(stop: () -> Bool = { false }) throws -> [String: Double] {
        var errors: [String: Double] = [:]
        for (name, range) in ranges {
            if stop() { throw CancellationError() }
            errors[name] = try error(
                PrecisionMap(default: .float32, layers: [name: .int8(range)]))
        }
        return errors
    }

    /// Selects the layers with the smallest errors, up to a limit of their sum.
    ///
    /// - Parameters:
    ///   - errors: The result of ``errors(stop:)``.
    ///   - limit: Upper limit of the sum of errors.
    /// - Returns: The ranges of the selected layers, without AP losses.
    public func lowPrecision(
        _ errors: [String: Double], errorLimit limit: Double
    ) -> ModelDescription.LowPrecision {
        var lowPrecision = ModelDescription.LowPrecision()
        var sum = 0.0
        for (name, error) in errors.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            sum += error
            guard sum <= limit else { break }
            lowPrecision.ranges[name] = ranges[name]
        }
        return lowPrecision
    }

    /// The mean error of all outputs with the given precisions.
    private func error(_ precisions: PrecisionMap) throws -> Double {
        let engine = try PlanEngine(
            graph, model.weights, set, threads: 1, precisions: precisions)
        var sum = 0.0
        for sample in samples {
            engine.image = sample.image
            engine.runBody()
            engine.pool(sample.regions)
            engine.runHead(sample.regions)
            let outputs = engine.outputs(regions: sample.regions.count)
            for (output, expected) in zip(outputs, sample.outputs) {
                sum += relativeError(output, expected) / Double(outputs.count)
            }
        }
        return sum / Double(max(samples.count, 1))
    }
}

/// The squared length of the difference relative to that of `expected`.
private func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
    var difference = 0.0
    var square = 0.0
    for (value, expected) in zip(values, expected) {
        difference += Double((value - expected) * (value - expected))
        square += Double(expected * expected)
    }
    return square > 0 ? difference / square : difference
}
