public import Datasets
internal import Glibc
internal import Scene
internal import ThunderNet

/// Simplified optimal transport assignment, SimOTA (Ge et al., "YOLOX", 2021), with objectness as the class.
///
/// Candidates are the anchors whose middles lie in an object or within ``radius`` cells of its middle. An object takes
/// as many as the sum of its ten greatest overlaps with predicted boxes says, those of least cost: cross entropy of
/// objectness plus ``overlapWeight`` times the negative logarithm of the overlap. An anchor that several want goes to
/// the one of least cost.
public struct TransportAssigner: AnchorAssigner {
    /// Radius around the center of an object that holds candidates, in cells.
    public var radius: Float = 2.5
    /// Weight of the overlap's logarithm against objectness.
    public var overlapWeight: Float = 3
    /// Greatest overlaps whose sum says how many anchors an object takes.
    public var counted = 10
    /// Cost of an anchor that lies only in the object or only near its middle.
    private static let outside: Float = 1e5

    /// The paper's numbers.
    public init() {}

    /// True: predicted boxes and objectness decide.
    public var needsPredictions: Bool { true }

    /// Assigns the objects of one picture.
    public func assign(
        _ annotations: [Annotation], to grid: AnchorGrid, _ predictions: AnchorPredictions?
    ) -> AnchorAssignment {
        guard let predictions else { preconditionFailure("SimOTA needs predictions") }
        precondition(predictions.boxes.count == grid.count, "one prediction an anchor")
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

    /// The anchors that an object wants.
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
        // The cross entropy of "object", written so that it stays finite.
        let entropy = max(-logit, 0) + log1pf(expf(-abs(logit)))
        return Candidate(
            anchor: anchor, overlap: overlap,
            cost: entropy - overlapWeight * logf(overlap + 1e-8))
    }
}
