public import Datasets
public import Scene
public import ThunderNet

/// Anchors of one input size, ordered like the network's outputs: row, column, index in the cell.
public struct AnchorGrid: Sendable {
    /// Scales, aspect ratios and stride of the anchors.
    public let design: AnchorDesign
    /// Number of columns of cells.
    public let columns: Int
    /// Number of rows of cells.
    public let rows: Int
    /// All anchors in pixels of the input; some extend beyond it.
    public let boxes: [Box]
    /// Width and height of each anchor of a cell, in pixels.
    public let shapes: [SIMD2<Float>]

    /// Creates the anchors of an input size.
    public init(_ design: AnchorDesign, _ extent: PictureExtent) {
        self.design = design
        columns = extent.width / design.stride
        rows = extent.height / design.stride
        let anchors = Anchors(design, columns: columns)
        shapes = anchors.shapes
        boxes = (0..<columns * rows * anchors.perCell).map { anchors[$0] }
    }

    /// Number of anchors per cell.
    public var perCell: Int { shapes.count }
    /// Number of anchors.
    public var count: Int { boxes.count }

    /// Index of an anchor.
    func number(row: Int, column: Int, place: Int) -> Int {
        (row * columns + column) * perCell + place
    }

    /// Scale index of an anchor of a cell.
    func scale(ofPlace place: Int) -> Int {
        switch design.order {
        case .scaleThenRatio: place / design.ratios.count
        case .ratioThenScale: place % design.scales.count
        }
    }

    /// Horizontal center of a column's cells.
    func middle(ofColumn column: Int) -> Float {
        (Float(column) + design.offset) * Float(design.stride)
    }

    /// Vertical center of a row's cells.
    func middle(ofRow row: Int) -> Float { (Float(row) + design.offset) * Float(design.stride) }

    /// Existing cells with centers within a distance of a point along one axis.
    private func cells(around point: Float, within distance: Float, _ count: Int) -> Range<Int> {
        let stride = Float(design.stride)
        let first = ((point - distance) / stride - design.offset).rounded(.up)
        let last = ((point + distance) / stride - design.offset).rounded(.down)
        let lower = max(0, min(Int(first), count))
        return lower..<max(lower, min(Int(last) + 1, count))
    }

    /// Columns with centers within a distance of a point.
    func columns(around point: Float, within distance: Float) -> Range<Int> {
        cells(around: point, within: distance, columns)
    }

    /// Rows with centers within a distance of a point.
    func rows(around point: Float, within distance: Float) -> Range<Int> {
        cells(around: point, within: distance, rows)
    }

    /// Calls `body` with every anchor that intersects a box, and their IoU.
    func forEachOverlap(_ box: Box, _ body: (_ anchor: Int, _ overlap: Float) -> Void) {
        for (place, shape) in shapes.enumerated() {
            let rows = rows(around: box.centerY, within: (shape.y + box.height) / 2)
            let columns = columns(around: box.centerX, within: (shape.x + box.width) / 2)
            for row in rows {
                for column in columns {
                    let anchor = number(row: row, column: column, place: place)
                    let overlap = boxes[anchor].overlap(box)
                    if overlap > 0 { body(anchor, overlap) }
                }
            }
        }
    }

    /// Maximum IoU of any anchor with a box.
    ///
    /// The nearest cell has the maximum for each anchor shape, because the intersection of two boxes never grows with
    /// the distance of their centers along either axis.
    public func greatestOverlap(with box: Box) -> Float {
        func nearest(_ point: Float, _ count: Int) -> Int {
            let cell = (point / Float(design.stride) - design.offset).rounded()
            return max(0, min(Int(cell), count - 1))
        }
        guard count > 0 else { return 0 }
        let row = nearest(box.centerY, rows)
        let column = nearest(box.centerX, columns)
        return shapes.indices.map { place in
            boxes[number(row: row, column: column, place: place)].overlap(box)
        }.max() ?? 0
    }
}
