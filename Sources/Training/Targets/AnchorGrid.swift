public import Datasets
public import Scene
public import ThunderNet

/// All anchors of one input size, numbered as the network's outputs are: row, column, place in the cell.
public struct AnchorGrid: Sendable {
    /// The design they follow.
    public let design: AnchorDesign
    /// Columns of cells.
    public let columns: Int
    /// Rows of cells.
    public let rows: Int
    /// Every anchor, in pixels of the input; some reach outside.
    public let boxes: [Box]
    /// Width and height of each anchor of a cell.
    public let shapes: [SIMD2<Float>]

    /// The anchors for inputs of a size.
    public init(_ design: AnchorDesign, _ extent: PictureExtent) {
        self.design = design
        columns = extent.width / design.stride
        rows = extent.height / design.stride
        let anchors = Anchors(design, columns: columns)
        shapes = anchors.shapes
        boxes = (0..<columns * rows * anchors.perCell).map { anchors[$0] }
    }

    /// Anchors per cell.
    public var perCell: Int { shapes.count }
    /// All anchors.
    public var count: Int { boxes.count }

    /// The number of an anchor.
    func number(row: Int, column: Int, place: Int) -> Int {
        (row * columns + column) * perCell + place
    }

    /// The scale that an anchor of a cell belongs to.
    func scale(ofPlace place: Int) -> Int {
        switch design.order {
        case .scaleThenRatio: place / design.ratios.count
        case .ratioThenScale: place % design.scales.count
        }
    }

    /// The horizontal middle of the cells of a column.
    func middle(ofColumn column: Int) -> Float {
        (Float(column) + design.offset) * Float(design.stride)
    }

    /// The vertical middle of the cells of a row.
    func middle(ofRow row: Int) -> Float { (Float(row) + design.offset) * Float(design.stride) }

    /// Cells whose middles lie within a distance of a point along one axis; only those that exist.
    private func cells(around point: Float, within distance: Float, _ count: Int) -> Range<Int> {
        let stride = Float(design.stride)
        let first = ((point - distance) / stride - design.offset).rounded(.up)
        let last = ((point + distance) / stride - design.offset).rounded(.down)
        let lower = max(0, min(Int(first), count))
        return lower..<max(lower, min(Int(last) + 1, count))
    }

    /// Columns whose middles lie within a distance of a point.
    func columns(around point: Float, within distance: Float) -> Range<Int> {
        cells(around: point, within: distance, columns)
    }

    /// Rows whose middles lie within a distance of a point.
    func rows(around point: Float, within distance: Float) -> Range<Int> {
        cells(around: point, within: distance, rows)
    }

    /// Calls `body` with every anchor that meets a box, and their intersection over union.
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

    /// The greatest intersection over union of any anchor with a box.
    ///
    /// For one shape it is that of the nearest cell: what two boxes share never grows with the distance of their
    /// middles along either axis.
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
