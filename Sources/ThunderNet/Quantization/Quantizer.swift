import Foundation
import Scene
import Tensors

/// Finds out which products of a model stand 8 bits, and within which ranges their inputs lie.
///
/// Show it pictures of the kind that the model will see (``observe(rgb:width:height:)``), then ask for the
/// ``narrowing(errorLimit:)``.
public struct Quantizer: ~Copyable {
    /// Of how many pictures everything is kept, to measure errors with.
    private static let sampleLimit = 6

    /// A picture that errors are measured on.
    private struct Sample {
        let picture: Tensor
        let regions: [Detection]
        let outputs: [[Float]]
    }

    private let model: Model
    private let graph: DetectorGraph
    private let set: InstructionSet
    private var engine: PlanEngine
    private var input: PictureInput
    private var proposals: Proposals
    private var regions: [Detection] = []
    private var samples: [Sample] = []
    private var ranges: [String: ClosedRange<Float>] = [:]

    /// Prepares a model at its own input size.
    ///
    /// - Throws: `PlanError` where a layer has no fast kernel or the mask of instruction sets is wrong.
    public init(model: Model) throws {
        let description = model.description
        let width = description.input.width
        let height = description.input.height
        let set = try InstructionSet.limited(
            by: ProcessInfo.processInfo.environment["THUNDERLINE_CPU"])
        let graph = try description.graph(width: width, height: height)
        // A noncopyable value is made whole or not at all: whatever can fail comes first.
        engine = try PlanEngine(graph, model.weights, set, threads: 1, precisions: .float32)
        self.model = model
        self.graph = graph
        self.set = set
        input = PictureInput(
            width: width, height: height, normalization: description.input.normalization,
            fit: description.input.fit)
        proposals = Proposals(description, width: width, height: height)
    }

    /// Pictures that were shown.
    public private(set) var pictures = 0

    /// Takes a picture into account.
    ///
    /// - Parameters:
    ///   - rgb: 8-bit red, green, blue, rows without gaps.
    ///   - width: Width of the picture in pixels; any.
    ///   - height: Height of the picture in pixels; any.
    public mutating func observe(rgb: Span<UInt8>, width: Int, height: Int) {
        engine.load(&input, rgb: rgb, width: width, height: height)
        engine.observeBody(&ranges)
        engine.findRegions(&proposals, into: &regions)
        engine.observeHead(regions, &ranges)
        pictures += 1
        guard samples.count < Self.sampleLimit else { return }
        samples.append(
            Sample(
                picture: engine.picture, regions: regions,
                outputs: engine.outputs(regions: regions.count)))
    }

    /// What 8 bits do to the outputs when one product alone is computed in them.
    ///
    /// - Parameter stop: Asked before each product.
    /// - Returns: By the product's name, the mean over all outputs of the squared error relative to the output's
    ///   square.
    /// - Throws: `PlanError` as the initialiser does; `CancellationError` once `stop` says so.
    public func errors(stop: () -> Bool = { false }) throws -> [String: Double] {
        var errors: [String: Double] = [:]
        for (name, range) in ranges {
            if stop() { throw CancellationError() }
            errors[name] = try error(
                PrecisionMap(usual: .float32, products: [name: .int8(range)]))
        }
        return errors
    }

    /// The products that together stay within a limit of error, the least harmful first.
    ///
    /// - Parameters:
    ///   - errors: What ``errors()`` found.
    ///   - limit: Bound on the sum of their errors.
    /// - Returns: Their ranges; nothing was measured on a data set yet.
    public func narrowing(
        _ errors: [String: Double], errorLimit limit: Double
    ) -> ModelDescription.Narrowing {
        var narrowing = ModelDescription.Narrowing()
        var sum = 0.0
        for (name, error) in errors.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            sum += error
            guard sum <= limit else { break }
            narrowing.ranges[name] = ranges[name]
        }
        return narrowing
    }

    /// The error of all outputs under a choice of precisions.
    private func error(_ precisions: PrecisionMap) throws -> Double {
        var engine = try PlanEngine(
            graph, model.weights, set, threads: 1, precisions: precisions)
        var sum = 0.0
        for sample in samples {
            engine.picture = sample.picture
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

/// The squared length of a difference relative to what was expected.
private func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
    var difference = 0.0
    var square = 0.0
    for (value, expected) in zip(values, expected) {
        difference += Double((value - expected) * (value - expected))
        square += Double(expected * expected)
    }
    return square > 0 ? difference / square : difference
}
