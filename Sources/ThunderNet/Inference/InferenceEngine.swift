import Pixels
import Scene
import Tensors

/// The implementation that computes a detector's networks.
public enum EngineChoice: String, Hashable, Sendable, CaseIterable {
    /// The plan where every layer has a kernel, else the reference.
    case automatic
    /// C kernels for this processor (`Plan` of `Tensors`).
    case plan
    /// The slow reference implementation in plain Swift (`Interpreter` of `Tensors`).
    case reference
}

/// Computes the networks of a detector: body, RoI pooling and head.
///
/// The methods are called in the order `load`, `runBody`, `findRegions`, `pool`, `runHead`, `findObjects`, by one
/// thread at a time.
protocol InferenceEngine: AnyObject {
    /// The implementation: ``EngineChoice/plan`` or ``EngineChoice/reference``.
    var choice: EngineChoice { get }

    /// Loads an RGB image of any size.
    func load(_ input: inout ImageInput, rgb: Span<UInt8>, width: Int, height: Int)

    /// Loads an RGB image that was scaled to its placement.
    func load(_ input: inout ImageInput, scaled: [UInt8], _ placement: ImagePlacement)

    /// Loads a decoded frame.
    func load(_ input: inout ImageInput, _ picture: borrowing Picture)

    /// Computes objectness, deltas and the attended map.
    func runBody()

    /// Selects regions by objectness and deltas.
    func findRegions(_ proposals: inout Proposals, into regions: inout [Detection])

    /// Pools the features of regions.
    func pool(_ regions: [Detection])

    /// Classifies the pooled regions.
    func runHead(_ regions: [Detection])

    /// Converts the head's outputs to detections.
    func findObjects(
        _ postprocess: inout Postprocess, regions: [Detection], into detections: inout [Detection])
}

extension EngineChoice {
    /// The chosen engine for a detector's graphs.
    ///
    /// - Throws: `PlanError` when the plan was chosen and a layer has no kernel.
    func engine(
        _ graph: DetectorGraph, _ weights: Weights, _ set: InstructionSet, threads: Int = 1,
        precisions: PrecisionMap = .float32
    ) throws(PlanError) -> any InferenceEngine {
        guard self != .reference else { return ReferenceEngine(graph, weights) }
        do {
            return try PlanEngine(graph, weights, set, threads: threads, precisions: precisions)
        } catch {
            guard self == .automatic else { throw error }
            return ReferenceEngine(graph, weights)
        }
    }
}

/// Writes corners for RoI pooling: left, top, right, bottom in pixels of the input.
func write(_ boxes: [Detection], into span: inout MutableSpan<Float>, _ layout: OutputLayout) {
    for (row, region) in boxes.enumerated() {
        span[layout.index(channel: 0, cell: row)] = region.box.x
        span[layout.index(channel: 1, cell: row)] = region.box.y
        span[layout.index(channel: 2, cell: row)] = region.box.right
        span[layout.index(channel: 3, cell: row)] = region.box.bottom
    }
}
