public import Datasets
internal import Scene
internal import ThunderNet

/// Adaptive training sample selection, ATSS (Zhang et al., 2020), for several anchors a cell.
///
/// Each scale counts as a level of the paper, and at each of the ``neighbours`` cells nearest to an object the ratio
/// that fits best is the level's candidate; that is ours, since the paper has one anchor a cell. An object takes the
/// candidates whose overlap is at least mean plus deviation of all of them and whose middle lies in it. An object that
/// gets none so, for it is smaller than a cell, takes its best candidate, which is ours too.
public struct AdaptiveAssigner: AnchorAssigner {
    /// Cells per scale that become candidates.
    public var neighbours = 9

    /// The paper's number of cells.
    public init() {}

    /// False: boxes alone decide.
    public var needsPredictions: Bool { false }

    /// Assigns the objects of one picture.
    public func assign(
        _ annotations: [Annotation], to grid: AnchorGrid, _ predictions: AnchorPredictions?
    ) -> AnchorAssignment {
        var assignment = AnchorAssignment(count: grid.count)
        for (index, annotation) in annotations.enumerated() where !annotation.isIgnored {
            let candidates = candidates(for: annotation.box, grid)
            for (anchor, overlap) in chosen(candidates, annotation.box, grid)
            where overlap > assignment.overlaps[anchor] {
                assignment.matches[anchor] = Int32(index)
                assignment.overlaps[anchor] = overlap
            }
        }
        assignment.ignore(annotations, grid)
        return assignment
    }

    /// The best anchor of each scale at each of the nearest cells.
    private func candidates(
        for box: Box, _ grid: AnchorGrid
    ) -> [(anchor: Int, overlap: Float)] {
        nearestCells(to: box, grid).flatMap { row, column -> [(anchor: Int, overlap: Float)] in
            var best: [Int: (anchor: Int, overlap: Float)] = [:]
            for place in 0..<grid.perCell {
                let anchor = grid.number(row: row, column: column, place: place)
                let overlap = grid.boxes[anchor].overlap(box)
                let scale = grid.scale(ofPlace: place)
                if overlap > best[scale]?.overlap ?? -1 { best[scale] = (anchor, overlap) }
            }
            return best.values.sorted { $0.anchor < $1.anchor }
        }
    }

    private func nearestCells(to box: Box, _ grid: AnchorGrid) -> [(row: Int, column: Int)] {
        // So many rows and columns around hold the nearest cells, also at the border of the picture.
        let reach = Float(neighbours * grid.design.stride)
        var cells: [(distance: Float, row: Int, column: Int)] = []
        for row in grid.rows(around: box.centerY, within: reach) {
            for column in grid.columns(around: box.centerX, within: reach) {
                let across = grid.middle(ofColumn: column) - box.centerX
                let down = grid.middle(ofRow: row) - box.centerY
                cells.append((across * across + down * down, row, column))
            }
        }
        cells.sort { ($0.distance, $0.row, $0.column) < ($1.distance, $1.row, $1.column) }
        return cells.prefix(neighbours).map { ($0.row, $0.column) }
    }

    private func chosen(
        _ candidates: [(anchor: Int, overlap: Float)], _ box: Box, _ grid: AnchorGrid
    ) -> [(anchor: Int, overlap: Float)] {
        guard !candidates.isEmpty else { return [] }
        let count = Float(candidates.count)
        let mean = candidates.reduce(0) { $0 + $1.overlap } / count
        let spread = candidates.reduce(0) {
            $0 + ($1.overlap - mean) * ($1.overlap - mean)
        }
        let threshold = mean + (spread / max(1, count - 1)).squareRoot()
        let taken = candidates.filter {
            $0.overlap >= threshold && box.contains(centerOf: grid.boxes[$0.anchor])
        }
        guard taken.isEmpty else { return taken }
        return candidates.max { ($0.overlap, $1.anchor) < ($1.overlap, $0.anchor) }.map { [$0] }
            ?? []
    }
}
