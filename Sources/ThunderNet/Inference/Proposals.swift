import Glibc
public import Scene

/// Parameters that select regions from the proposal network's output.
public struct ProposalRule: Hashable, Sendable {
    /// Anchors with the highest objectness that are decoded.
    public var before: Int = 2000
    /// Upper limit of regions after suppression.
    public var after: Int = 200
    /// IoU above which the region with the lower score is dropped.
    public var overlap: Float = 0.7
    /// Shortest side of a region in input pixels.
    public var minimumSide: Float = 4

    /// The paper's parameters at test time.
    public init() {}
}

/// Converts objectness and deltas to regions: selects the best anchors, decodes and clips them, and suppresses
/// overlaps.
///
/// Allocates only in `init`.
package struct Proposals: Sendable {
    private let rule: ProposalRule
    private let anchors: Anchors
    private let cells: Int
    private let objectness: RegionProposal.Objectness
    private let coder: BoxCoder
    private let bounds: Box
    private var scores: TopScores
    private var suppression: Suppression

    /// Creates the stage for a model and an input size in pixels.
    package init(_ description: ModelDescription, width: Int, height: Int) {
        rule = description.proposals
        let stride = description.anchors.stride
        anchors = Anchors(description.anchors, columns: width / stride)
        cells = (width / stride) * (height / stride)
        objectness = description.objectness
        coder = BoxCoder(limit: description.deltaLimit)
        bounds = Box(x: 0, y: 0, width: Float(width), height: Float(height))
        scores = TopScores(capacity: anchors.perCell * cells, limit: rule.before)
        suppression = Suppression(
            rule: .hard, overlap: rule.overlap, limit: rule.after, isPerClass: false)
    }

    /// Replaces `regions` by the regions found, best first, in input pixels, with class index 0.
    package mutating func find(
        objectness logits: Span<Float>, _ logitLayout: OutputLayout, deltas: Span<Float>,
        _ deltaLayout: OutputLayout, into regions: inout [Detection]
    ) {
        regions.removeAll(keepingCapacity: true)
        scores.removeAll()
        for cell in 0..<cells { appendScores(ofCell: cell, logits, logitLayout) }
        scores.select(rule.before)
        for index in scores.selected {
            let (cell, anchor) = index.quotientAndRemainder(dividingBy: anchors.perCell)
            let start = deltaLayout.index(channel: 4 * anchor, cell: cell)
            let box = coder.decode(
                deltas.four(from: start, by: deltaLayout.channelStride),
                relativeTo: anchors[index]
            ).intersection(bounds)
            guard box.width >= rule.minimumSide, box.height >= rule.minimumSide else { continue }
            let score = logistic(logit(anchor, cell, logits, logitLayout))
            regions.append(Detection(classIndex: 0, score: score, box: box))
        }
        suppression.apply(to: &regions)
    }

    private mutating func appendScores(
        ofCell cell: Int, _ logits: Span<Float>, _ layout: OutputLayout
    ) {
        if objectness == .sigmoid && layout.channelStride == 1 {
            let start = layout.index(channel: 0, cell: cell)
            return scores.append(logits.extracting(start..<start + anchors.perCell))
        }
        for anchor in 0..<anchors.perCell { scores.append(logit(anchor, cell, logits, layout)) }
    }

    /// Objectness of an anchor as a logit.
    private func logit(
        _ anchor: Int, _ cell: Int, _ logits: Span<Float>, _ layout: OutputLayout
    ) -> Float {
        switch objectness {
        case .sigmoid: logits[layout.index(channel: anchor, cell: cell)]
        case .softmax:
            logits[layout.index(channel: anchors.perCell + anchor, cell: cell)]
                - logits[layout.index(channel: anchor, cell: cell)]
        }
    }
}

/// Decoder of box deltas (R-CNN, 2014, appendix C): shifts in units of the base box, sizes as logarithms.
public struct BoxCoder: Hashable, Sendable {
    /// Factors of the network's outputs: x, y, width, height.
    public var deviations = SIMD4<Float>(1, 1, 1, 1)
    /// Upper limit of the absolute logarithm of a size change.
    public var limit: Float

    /// Creates a coder.
    public init(deviations: SIMD4<Float> = SIMD4(1, 1, 1, 1), limit: Float) {
        self.deviations = deviations
        self.limit = limit
    }

    /// The box with the given deltas relative to `base`.
    public func decode(_ deltas: SIMD4<Float>, relativeTo base: Box) -> Box {
        let scaled = deltas * deviations
        let width = base.width * expf(max(-limit, min(scaled.z, limit)))
        let height = base.height * expf(max(-limit, min(scaled.w, limit)))
        let x = base.centerX + scaled.x * base.width
        let y = base.centerY + scaled.y * base.height
        return Box(x: x - width / 2, y: y - height / 2, width: width, height: height)
    }

    /// The deltas of `box` relative to `base`; both have a positive area.
    public func encode(_ box: Box, relativeTo base: Box) -> SIMD4<Float> {
        SIMD4(
            (box.centerX - base.centerX) / base.width, (box.centerY - base.centerY) / base.height,
            logf(box.width / base.width), logf(box.height / base.height)) / deviations
    }
}

/// The logistic function.
func logistic(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
