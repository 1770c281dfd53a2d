import Pixels
import Scene
import Tensors

/// Computes a detector's networks by one plan of three networks: body, pooling, head.
final class PlanEngine: InferenceEngine {
    private var plan: Plan
    /// Stages of the plan.
    private static let body = 0
    private static let pooling = 1
    private static let head = 2

    var choice: EngineChoice { .plan }

    init(
        _ graph: DetectorGraph, _ weights: Weights, _ set: InstructionSet, threads: Int,
        precisions: PrecisionMap
    ) throws(PlanError) {
        let networks = [graph.body, graph.pooling, graph.head].map { FoldedNetwork($0, weights) }
        plan = try Plan(
            networks, instructionSet: set, threads: threads, precisions: precisions)
    }

    func load(
        _ input: inout ImageInput, rgb: Span<UInt8>, width: Int, height: Int
    ) {
        plan.withInput("input") { span, layout in
            input.fill(&span, ImageLayout(layout), rgb: rgb, width: width, height: height)
        }
    }

    func load(
        _ input: inout ImageInput, scaled: [UInt8], _ placement: ImagePlacement
    ) {
        plan.withInput("input") { span, layout in
            input.fill(&span, ImageLayout(layout), scaled: scaled.span, placement)
        }
    }

    func load(_ input: inout ImageInput, _ picture: borrowing Picture) {
        let (slot, isNew) = plan.withInput("input") { span, _ in
            input.prepare(&span, for: picture)
        }
        if isNew { plan.prepare(input.conversions[slot], slot: slot) }
        picture.withBytes { first, second, third, rows in
            plan.load(
                image: "input", slot: slot, first, second, third,
                at: InlineArray { ImageConversion.Rows(rows[$0]) })
        }
    }

    func runBody() { plan.run(network: Self.body) }

    func pool(_ regions: [Detection]) {
        plan.withInput("regions") { span, layout in
            write(regions, into: &span, OutputLayout(layout))
        }
        plan.run(network: Self.pooling, rows: regions.count)
    }

    func runHead(_ regions: [Detection]) {
        plan.run(network: Self.head, rows: regions.count)
    }

    /// Runs the body and extends the ranges of its GEMM inputs.
    func observeBody(_ ranges: inout [String: ClosedRange<Float>]) {
        plan.observe(network: Self.body, ranges: &ranges)
    }

    /// Runs pooling and head, and extends the ranges of the head's GEMM inputs.
    func observeHead(_ regions: [Detection], _ ranges: inout [String: ClosedRange<Float>]) {
        pool(regions)
        runHead(regions)
        plan.observe(network: Self.head, rows: regions.count, ranges: &ranges)
    }

    /// The input image, normalised.
    var image: Tensor {
        get { plan.inputTensor("input") }
        set { plan.write(newValue, to: "input") }
    }

    /// All outputs of the networks; those of the head without the rows from `regions` on.
    func outputs(regions: Int) -> [[Float]] {
        let body = ["objectness", "deltas", "attended"].map { plan.tensor($0).values }
        let head = ["classLogits", "boxDeltas"].map { name in
            let tensor = plan.tensor(name)
            let rows = tensor.shape.height
            return tensor.values.enumerated().filter { $0.offset % rows < regions }.map(\.element)
        }
        return body + head
    }

    func findRegions(_ proposals: inout Proposals, into regions: inout [Detection]) {
        plan.withOutput("objectness") { objectness, objectnessLayout in
            plan.withOutput("deltas") { deltas, deltaLayout in
                proposals.find(
                    objectness: objectness, OutputLayout(objectnessLayout), deltas: deltas,
                    OutputLayout(deltaLayout), into: &regions)
            }
        }
    }

    func findObjects(
        _ postprocess: inout Postprocess, regions: [Detection], into detections: inout [Detection]
    ) {
        plan.withOutput("classLogits") { classes, classLayout in
            plan.withOutput("boxDeltas") { deltas, deltaLayout in
                postprocess.find(
                    regions: regions, classes: classes, OutputLayout(classLayout),
                    deltas: deltas, OutputLayout(deltaLayout), into: &detections)
            }
        }
    }
}

extension ImageConversion.Rows {
    /// The rows of a borrowed picture's plane.
    init(_ rows: PlaneRows) { self.init(origin: rows.origin, stride: rows.stride) }
}

extension ImageLayout {
    /// The layout of a plan's image input.
    fileprivate init(_ layout: MapLayout) {
        precondition(layout.pixelStride == 3, "the channels of a pixel are adjacent")
        self.init(origin: layout.origin, rowStride: layout.rowStride)
    }
}

extension OutputLayout {
    /// The layout of a plan's output.
    fileprivate init(_ layout: MapLayout) {
        precondition(
            layout.rowStride == layout.pixelStride * layout.shape.width && layout.positions == nil,
            "rows have no gaps, and channels keep their order")
        self.init(origin: layout.origin, channelStride: 1, cellStride: layout.pixelStride)
    }
}
