import Pixels
import Scene
import Tensors

/// What computes a detector's networks.
public enum EngineChoice: String, Hashable, Sendable, CaseIterable {
    /// The plan where every layer has a fast kernel, the reference elsewhere.
    case automatic
    /// C kernels for this processor (`Plan` of `Tensors`).
    case plan
    /// Plain Swift, slow, the measure of what is right (`Interpreter` of `Tensors`).
    case reference
}

/// The two engines behind one face; each call goes to the one that stands.
enum Engine: ~Copyable {
    case plan(PlanEngine)
    case reference(ReferenceEngine)

    /// The engine that was asked for.
    ///
    /// - Throws: `PlanError` where the plan was asked for and cannot be made.
    init(
        _ choice: EngineChoice, _ graph: DetectorGraph, _ weights: Weights, _ set: InstructionSet,
        threads: Int = 1, precisions: PrecisionMap = .float32
    ) throws(PlanError) {
        guard choice != .reference else {
            self = .reference(ReferenceEngine(graph, weights))
            return
        }
        do {
            self = .plan(
                try PlanEngine(
                    graph, weights, set, threads: threads, precisions: precisions))
        } catch {
            guard choice == .automatic else { throw error }
            self = .reference(ReferenceEngine(graph, weights))
        }
    }

    /// Which of the two stands.
    var choice: EngineChoice {
        switch self {
        case .plan: .plan
        case .reference: .reference
        }
    }

    /// Takes a picture of any size.
    mutating func load(
        _ input: inout PictureInput, rgb: Span<UInt8>, width: Int, height: Int
    ) {
        switch consume self {
        case .plan(var engine):
            engine.load(&input, rgb: rgb, width: width, height: height)
            self = .plan(engine)
        case .reference(var engine):
            engine.load(&input, rgb: rgb, width: width, height: height)
            self = .reference(engine)
        }
    }

    /// Takes a picture that was scaled to its placement.
    mutating func load(
        _ input: inout PictureInput, scaled: [UInt8], _ placement: PicturePlacement
    ) {
        switch consume self {
        case .plan(var engine):
            engine.load(&input, scaled: scaled, placement)
            self = .plan(engine)
        case .reference(var engine):
            engine.load(&input, scaled: scaled, placement)
            self = .reference(engine)
        }
    }

    /// Takes a decoded picture.
    mutating func load(_ input: inout PictureInput, _ picture: borrowing Picture) {
        switch consume self {
        case .plan(var engine):
            engine.load(&input, picture)
            self = .plan(engine)
        case .reference(var engine):
            engine.load(&input, picture)
            self = .reference(engine)
        }
    }

    /// Computes objectness, deltas and the attended map.
    mutating func runBody() {
        switch consume self {
        case .plan(var engine):
            engine.runBody()
            self = .plan(engine)
        case .reference(var engine):
            engine.runBody()
            self = .reference(engine)
        }
    }

    /// Pools regions.
    mutating func pool(_ regions: [Detection]) {
        switch consume self {
        case .plan(var engine):
            engine.pool(regions)
            self = .plan(engine)
        case .reference(var engine):
            engine.pool(regions)
            self = .reference(engine)
        }
    }

    /// Judges the regions that were pooled last.
    mutating func runHead(_ regions: [Detection]) {
        switch consume self {
        case .plan(var engine):
            engine.runHead(regions)
            self = .plan(engine)
        case .reference(var engine):
            engine.runHead()
            self = .reference(engine)
        }
    }

    /// Turns objectness and deltas into regions.
    func findRegions(_ proposals: inout Proposals, into regions: inout [Detection]) {
        switch self {
        case .plan(let engine): engine.findRegions(&proposals, into: &regions)
        case .reference(let engine): engine.findRegions(&proposals, into: &regions)
        }
    }

    /// Turns judged regions into detections.
    func findObjects(
        _ postprocess: inout Postprocess, regions: [Detection], into detections: inout [Detection]
    ) {
        switch self {
        case .plan(let engine):
            engine.findObjects(&postprocess, regions: regions, into: &detections)
        case .reference(let engine):
            engine.findObjects(&postprocess, regions: regions, into: &detections)
        }
    }
}

/// Writes corners for the region pooling: left, top, right, bottom in pixels of the input.
func write(_ boxes: [Detection], into span: inout MutableSpan<Float>, _ layout: NumberLayout) {
    for (row, region) in boxes.enumerated() {
        span[layout.index(channel: 0, cell: row)] = region.box.x
        span[layout.index(channel: 1, cell: row)] = region.box.y
        span[layout.index(channel: 2, cell: row)] = region.box.right
        span[layout.index(channel: 3, cell: row)] = region.box.bottom
    }
}
