package import Scene

/// How the proposal network's output becomes regions.
public struct ProposalRule: Hashable, Sendable {
    /// How many of the most object-like anchors are looked at.
    public var before: Int = 2000
    /// How many regions are kept at most.
    public var after: Int = 200
    /// Intersection over union above which the lesser of two is dropped.
    public var overlap: Float = 0.7
    /// Sides shorter than this, in pixels of the input, are dropped.
    public var minimumSide: Float = 4

    /// The test-time numbers of the paper.
    public init() {}
}

/// Turns objectness and deltas into regions: the best anchors, decoded, clipped and thinned out.
///
/// Everything is allocated at the start.
package struct Proposals: Sendable {
    private let rule: ProposalRule
    private let anchors: Anchors
    private let cells: Int
    private let objectness: RegionProposal.Objectness
    private let code: BoxCode
    private let bounds: Box
    private var scores: TopScores
    private var suppression: Suppression

    /// What is needed to know of a model and its input size, in pixels.
    package init(_ description: ModelDescription, width: Int, height: Int) {
        rule = description.proposals
        let stride = description.anchors.stride
        anchors = Anchors(description.anchors, columns: width / stride)
        cells = (width / stride) * (height / stride)
        objectness = description.objectness
        code = BoxCode(limit: description.deltaLimit)
        bounds = Box(x: 0, y: 0, width: Float(width), height: Float(height))
        scores = TopScores(capacity: anchors.perCell * cells, limit: rule.before)
        suppression = Suppression(
            rule: .hard, overlap: rule.overlap, limit: rule.after, isPerClass: false)
    }

    /// Writes the regions, best first, as corner boxes in pixels of the input; class index 0 throughout.
    package mutating func find(
        objectness logits: Span<Float>, _ logitLayout: NumberLayout, deltas: Span<Float>,
        _ deltaLayout: NumberLayout, into regions: inout [Detection]
    ) {
        regions.removeAll(keepingCapacity: true)
        scores.removeAll()
        for cell in 0..<cells { appendScores(ofCell: cell, logits, logitLayout) }
        scores.select(rule.before)
        for index in scores.places {
            let (cell, place) = index.quotientAndRemainder(dividingBy: anchors.perCell)
            let start = deltaLayout.index(channel: 4 * place, cell: cell)
            let box = code.decode(
                deltas.four(from: start, by: deltaLayout.channelStride),
                relativeTo: anchors[index]
            ).intersection(bounds)
            guard box.width >= rule.minimumSide, box.height >= rule.minimumSide else { continue }
            let score = logistic(logit(place, cell, logits, logitLayout))
            regions.append(Detection(classIndex: 0, score: score, box: box))
        }
        suppression.apply(to: &regions)
    }

    private mutating func appendScores(
        ofCell cell: Int, _ logits: Span<Float>, _ layout: NumberLayout
    ) {
        if objectness == .sigmoid && layout.channelStride == 1 {
            let start = layout.index(channel: 0, cell: cell)
            return scores.append(logits.extracting(start..<start + anchors.perCell))
        }
        for place in 0..<anchors.perCell { scores.append(logit(place, cell, logits, layout)) }
    }

    /// An anchor's objectness before the logistic function.
    private func logit(
        _ place: Int, _ cell: Int, _ logits: Span<Float>, _ layout: NumberLayout
    ) -> Float {
        switch objectness {
        case .sigmoid: logits[layout.index(channel: place, cell: cell)]
        case .softmax:
            logits[layout.index(channel: anchors.perCell + place, cell: cell)]
                - logits[layout.index(channel: place, cell: cell)]
        }
    }
}
