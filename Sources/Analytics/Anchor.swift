internal import Scene

/// Point of a box that represents an object.
public enum Anchor: String, Hashable, Sendable, CaseIterable {
    /// Where the object touches the ground.
    case bottomCenter = "bottom-center"
    /// Centre of the box.
    case center
    /// Middle of the upper edge.
    case topCenter = "top-center"
    /// Middle of the left edge.
    case leftCenter = "left-center"
    /// Middle of the right edge.
    case rightCenter = "right-center"

    /// The point of a box; nil when the box is not finite.
    func point(of box: Box) -> GridPoint? {
        let (x, y) = (Double(box.x), Double(box.y))
        let (width, height) = (Double(box.width), Double(box.height))
        return switch self {
        case .bottomCenter: GridPoint(x: x + width / 2, y: y + height)
        case .center: GridPoint(x: x + width / 2, y: y + height / 2)
        case .topCenter: GridPoint(x: x + width / 2, y: y)
        case .leftCenter: GridPoint(x: x, y: y + height / 2)
        case .rightCenter: GridPoint(x: x + width, y: y + height / 2)
        }
    }
}

/// Anchors of one box; points of boxes that are not finite are at the origin.
struct AnchorPoints {
    private let bottomCenter: GridPoint
    private let center: GridPoint
    private let topCenter: GridPoint
    private let leftCenter: GridPoint
    private let rightCenter: GridPoint

    private init(_ point: (Anchor) -> GridPoint) {
        bottomCenter = point(.bottomCenter)
        center = point(.center)
        topCenter = point(.topCenter)
        leftCenter = point(.leftCenter)
        rightCenter = point(.rightCenter)
    }

    /// The anchors of a finite box.
    init?(_ box: Box) {
        guard box.x.isFinite, box.y.isFinite, box.width.isFinite, box.height.isFinite,
            let origin = GridPoint(x: 0, y: 0)
        else { return nil }
        self.init { $0.point(of: box) ?? origin }
    }

    subscript(anchor: Anchor) -> GridPoint {
        switch anchor {
        case .bottomCenter: bottomCenter
        case .center: center
        case .topCenter: topCenter
        case .leftCenter: leftCenter
        case .rightCenter: rightCenter
        }
    }

    /// The anchors, each moved to the nearest place of a frame.
    func clamped(width: Int, height: Int) -> AnchorPoints {
        AnchorPoints { self[$0].clamped(width: width, height: height) }
    }
}

extension GridPoint {
    /// The nearest place of a frame, so that an object cut by the frame's edge stays in a zone that reaches the edge.
    fileprivate func clamped(width: Int, height: Int) -> GridPoint {
        let (right, bottom) = (width * Self.unitsPerPixel - 2, height * Self.unitsPerPixel - 2)
        guard x < 0 || y < 0 || x > right || y > bottom else { return self }
        let unit = 1 / Double(Self.unitsPerPixel)
        return GridPoint(
            x: Double(min(max(x, 0), right)) * unit, y: Double(min(max(y, 0), bottom)) * unit)
            ?? self
    }
}

extension Box {
    /// Size of an object in pixels: the square root of the box's area.
    var size: Double { max(Double(width) * Double(height), 0).squareRoot() }
}
