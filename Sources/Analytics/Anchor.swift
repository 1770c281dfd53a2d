internal import Scene

/// Point of a box that stands for an object.
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

extension Box {
    /// Size of an object in pixels: the square root of the box's area.
    var size: Double { max(Double(width) * Double(height), 0).squareRoot() }
}
