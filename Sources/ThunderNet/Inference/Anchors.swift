public import Scene

/// Design of the anchors: every scale in every ratio at every cell of one map (ThunderNet, section 3.2).
public struct AnchorDesign: Hashable, Sendable {
    /// Meaning of a ratio.
    public enum Ratio: String, Hashable, Sendable, CaseIterable {
        /// A ratio of 2 is upright.
        case heightOverWidth = "height/width"
        /// A ratio of 2 is wide.
        case widthOverHeight = "width/height"
    }

    /// Order of the anchors of one cell.
    public enum Order: String, Hashable, Sendable, CaseIterable {
        /// All ratios of the first scale, then of the second.
        case scaleThenRatio = "row, column, scale, ratio"
        /// All scales of the first ratio, then of the second, as in mmdetection.
        case ratioThenScale = "row, column, ratio, scale"
    }

    /// Strides that networks can have: the paper's 16, and 8 as an extension for small objects.
    public static let strides = [8, 16]

    /// Pixels of the input from cell to cell, one of ``strides``.
    public var stride: Int = 16
    /// Square roots of the anchors' areas, in pixels of the input.
    public var scales: [Float] = [32, 64, 128, 256, 512]
    /// Aspect ratios.
    public var ratios: [Float] = [0.5, 0.75, 1, 4.0 / 3, 2]
    /// Meaning of a ratio.
    public var ratio = Ratio.heightOverWidth
    /// Centre of an anchor within its cell: 0.5 for the middle, 0 for the official corner convention.
    public var offset: Float = 0.5
    /// Order of the anchors of one cell.
    public var order = Order.scaleThenRatio

    /// The paper's 25 anchors.
    public init() {}

    /// Anchors per cell.
    public var count: Int { scales.count * ratios.count }
}

/// The anchors of one map, indexed by row, column and position in the cell, computed on demand.
public struct Anchors: Sendable {
    /// Width and height of each anchor of a cell, in input pixels.
    public let shapes: [SIMD2<Float>]
    private let columns: Int
    private let stride: Float
    private let offset: Float

    /// Creates the anchors of a design on a map with `columns` columns.
    public init(_ design: AnchorDesign, columns: Int) {
        func shape(_ scale: Float, _ ratio: Float) -> SIMD2<Float> {
            let upright = design.ratio == .heightOverWidth ? ratio : 1 / ratio
            let root = Double(upright).squareRoot()
            return SIMD2(Float(Double(scale) / root), Float(Double(scale) * root))
        }
        shapes =
            switch design.order {
            case .scaleThenRatio:
                design.scales.flatMap { scale in design.ratios.map { shape(scale, $0) } }
            case .ratioThenScale:
                design.ratios.flatMap { ratio in design.scales.map { shape($0, ratio) } }
            }
        self.columns = columns
        stride = Float(design.stride)
        offset = design.offset
    }

    /// Anchors per cell.
    public var perCell: Int { shapes.count }

    /// The anchor with an index, in input pixels.
    ///
    /// It may extend outside the input.
    public subscript(index: Int) -> Box {
        let (cell, position) = index.quotientAndRemainder(dividingBy: shapes.count)
        let (row, column) = cell.quotientAndRemainder(dividingBy: columns)
        let shape = shapes[position]
        return Box(
            x: (Float(column) + offset) * stride - shape.x / 2,
            y: (Float(row) + offset) * stride - shape.y / 2, width: shape.x, height: shape.y)
    }
}
