/// Rectangle or polygon in fractions of the frame, such as the car's own bonnet or a burnt-in clock.
///
/// A detection is inside when its centre is inside: a vehicle half hidden by the bonnet stays, and a box that
/// is mostly bonnet is removed. The left and upper edges belong to a rectangle; the other two do not, unless
/// they are the frame's own.
public struct Region: Hashable, Sendable {
    /// Left edge, 0 to 1.
    public let x: Float
    /// Upper edge, 0 to 1.
    public let y: Float
    /// Extent to the right, above 0, to 1.
    public let width: Float
    /// Extent downwards, above 0, to 1.
    public let height: Float
    /// Shape of a polygon on a grid that is independent of the frame; nil for a rectangle.
    private let polygon: Polygon?

    private static let gridSide = 1 << 14

    /// Creates a region from its upper left corner and extent.
    ///
    /// Returns nil unless the extent is positive and the region is inside the frame, with a tolerance of 0.001.
    public init?(x: Float, y: Float, width: Float, height: Float) {
        guard x >= 0, y >= 0, width > 0, height > 0, x + width <= 1.001, y + height <= 1.001 else {
            return nil
        }
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        polygon = nil
    }

    /// Creates a region from the corners of a polygon.
    ///
    /// Returns nil for fewer than three corners, and for corners outside the frame.
    public init?(points: [FramePoint]) {
        guard points.allSatisfy({ (0...1).contains($0.x) && (0...1).contains($0.y) }),
            let polygon = Polygon(
                points.map {
                    $0.gridPoint(frameWidth: Self.gridSide, frameHeight: Self.gridSide)
                })
        else { return nil }
        let (xs, ys) = (points.map { Float($0.x) }, points.map { Float($0.y) })
        x = xs.min() ?? 0
        y = ys.min() ?? 0
        width = (xs.max() ?? 0) - x
        height = (ys.max() ?? 0) - y
        self.polygon = polygon
    }

    /// The region, or the rectangle around a polygon, in pixels of a frame.
    public func box(frameWidth: Int, frameHeight: Int) -> Box {
        Box(
            x: x * Float(frameWidth), y: y * Float(frameHeight),
            width: width * Float(frameWidth), height: height * Float(frameHeight))
    }

    /// True when the centre of `box`, in pixels of the frame, is inside.
    public func contains(centerOf box: Box, frameWidth: Int, frameHeight: Int) -> Bool {
        let acrossX = box.centerX / Float(frameWidth)
        let acrossY = box.centerY / Float(frameHeight)
        if let polygon {
            let side = Double(Self.gridSide)
            let center = GridPoint(x: Double(acrossX) * side, y: Double(acrossY) * side)
            return center.map(polygon.contains) ?? false
        }
        let right = x + width >= 0.999 ? Float.infinity : x + width
        let bottom = y + height >= 0.999 ? Float.infinity : y + height
        return acrossX >= x && acrossX < right && acrossY >= y && acrossY < bottom
    }
}

extension [Detection] {
    /// Removes the detections whose centres are in any of the regions; keeps the order of the rest.
    public mutating func remove(inside regions: [Region], frameWidth: Int, frameHeight: Int) {
        guard !regions.isEmpty else { return }
        removeAll { detection in
            regions.contains {
                $0.contains(
                    centerOf: detection.box, frameWidth: frameWidth,
                    frameHeight: frameHeight)
            }
        }
    }
}
