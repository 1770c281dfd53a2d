public import Datasets
internal import Scene
internal import ThunderNet

/// Adaptive training sample selection, ATSS (Zhang et al., 2020), extended to several anchors per cell.
///
/// Each anchor scale corresponds to a pyramid level of the paper. At each of the ``neighbors`` cells nearest to an
/// object, the anchor with the best-fitting aspect ratio is the level's candidate; the paper has one anchor per cell.
/// Candidates are positive if their IoU is at least mean plus standard deviation of all candidates and their center is
/// inside the object. An object without such a candidate gets its best one, a further extension for small objects.
public struct AdaptiveAssigner: AnchorAssigner {
    /// Number of candidate cells per scale.
    public var neighbors = 9

    /// Creates an assigner with the paper's number of cells.
    public init() {}

    /// False: the assignment depends on anchors only.
    public var needsPredictions: Bool { false }

    /// Assigns the objects of one image to anchors.
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

    /// Best anchor of each scale at each of the nearest cells.
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
        // This many rows and columns contain the nearest cells, also at the image's border.
        let reach = Float(neighbors * grid.design.stride)
        var cells: [(distance: Float, row: Int, column: Int)] = []
        for row in grid.rows(around: box.centerY, within: reach) {
            for column in grid.columns(around: box.centerX, within: reach) {
                let across = grid.middle(ofColumn: column) - box.centerX
                let down = grid.middle(ofRow: row) - box.centerY
                cells.append((across * across + down * down, row, column))
            }
        }
        cells.sort { ($0.distance, $0.row, $0.column) < ($1.distance, $1.row, $1.column) }
        return cells.prefix(neighbors).map { ($0.row, $0.column) }
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
