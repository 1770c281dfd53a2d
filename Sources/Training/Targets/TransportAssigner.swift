public import Datasets
internal import Glibc
internal import Scene
internal import ThunderNet

/// Simplified optimal transport assignment, SimOTA (Ge et al., "YOLOX", 2021), with objectness as the class.
///
/// Candidates are the anchors with centers inside an object or within ``radius`` cells of its center. An object gets as
/// many anchors as the sum of its ten highest IoUs with predicted boxes, rounded down, those of lowest cost: binary
/// cross-entropy of objectness minus ``overlapWeight`` times the logarithm of the IoU. An anchor selected by several
/// objects goes to the one of lowest cost.
public struct TransportAssigner: AnchorAssigner {
    /// Radius of the candidate area around an object's center, in cells.
    public var radius: Float = 2.5
    /// Weight of the IoU's logarithm relative to objectness.
    public var overlapWeight: Float = 3
    /// Number of highest IoUs in the sum.
    public var counted = 10
    /// Additional cost of an anchor that is only inside the object or only near its center.
    private static let outside: Float = 1e5

    /// Creates an assigner with the paper's parameters.
    public init() {}

    /// True: the assignment depends on predicted boxes and objectness.
    public var needsPredictions: Bool { true }

    /// Assigns the objects of one image to anchors.
    public func assign(
        _ annotations: [Annotation], to grid: AnchorGrid, _ predictions: AnchorPredictions?
    ) -> AnchorAssignment {
        guard let predictions else { preconditionFailure("SimOTA needs predictions") }
        precondition(predictions.boxes.count == grid.count, "one prediction per anchor")
        var assignment = AnchorAssignment(count: grid.count)
        var costs = [Float](repeating: .infinity, count: grid.count)
        for (index, annotation) in annotations.enumerated() where !annotation.isIgnored {
            for candidate in candidates(of: annotation.box, grid, predictions)
            where candidate.cost < costs[candidate.anchor] {
                costs[candidate.anchor] = candidate.cost
                assignment.matches[candidate.anchor] = Int32(index)
                assignment.overlaps[candidate.anchor] = candidate.overlap
            }
        }
        assignment.ignore(annotations, grid)
        return assignment
    }

    private struct Candidate {
        var anchor: Int
        var overlap: Float
        var cost: Float
    }

    /// Anchors that an object selects.
    private func candidates(
        of box: Box, _ grid: AnchorGrid, _ predictions: AnchorPredictions
    ) -> [Candidate] {
        let near = radius * Float(grid.design.stride)
        var candidates: [Candidate] = []
        for row in grid.rows(around: box.centerY, within: max(near, box.height / 2)) {
            let y = grid.middle(ofRow: row)
            for column in grid.columns(around: box.centerX, within: max(near, box.width / 2)) {
                let x = grid.middle(ofColumn: column)
                let isInside = x > box.x && x < box.right && y > box.y && y < box.bottom
                let isNear = abs(x - box.centerX) < near && abs(y - box.centerY) < near
                guard isInside || isNear else { continue }
                for place in 0..<grid.perCell {
                    let anchor = grid.number(row: row, column: column, place: place)
                    var candidate = candidate(anchor, box, predictions)
                    if !(isInside && isNear) { candidate.cost += Self.outside }
                    candidates.append(candidate)
                }
            }
        }
        let sum = candidates.map(\.overlap).sorted(by: >).prefix(counted).reduce(0, +)
        candidates.sort { ($0.cost, $0.anchor) < ($1.cost, $1.anchor) }
        return Array(candidates.prefix(max(1, Int(sum))))
    }

    private func candidate(_ anchor: Int, _ box: Box, _ predictions: AnchorPredictions) -> Candidate
    {
        let predicted = predictions.boxes[anchor]
        let raw = predicted.overlap(box)
        let overlap = raw.isFinite ? raw : 0
        let logit = predictions.logits[anchor]
        // Binary cross-entropy for target 1, in a form that stays finite.
        let entropy = max(-logit, 0) + log1pf(expf(-abs(logit)))
        return Candidate(
            anchor: anchor, overlap: overlap,
            cost: entropy - overlapWeight * logf(overlap + 1e-8))
    }
}
