/// A rectangle in fractions of the picture, such as the own bonnet or a burnt-in clock.
///
/// A detection counts as inside when its centre is: a vehicle that stands half behind the bonnet stays, and one
/// that is mostly bonnet goes. The left and upper edges belong to the region, the others do not, unless they
/// are the picture's own.
public struct Region: Hashable, Sendable {
    /// Left edge, 0 to 1.
    public let x: Float
    /// Upper edge, 0 to 1.
    public let y: Float
    /// Extent to the right, above 0, to 1.
    public let width: Float
    /// Extent downwards, above 0, to 1.
    public let height: Float

    /// A region by its upper left corner and extent.
    ///
    /// Returns nil unless the extent is positive and the region meets the picture without leaving it by more
    /// than rounding (one part in a thousand).
    public init?(x: Float, y: Float, width: Float, height: Float) {
        guard x >= 0, y >= 0, width > 0, height > 0, x + width <= 1.001, y + height <= 1.001 else {
            return nil
        }
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The region in pixels of a picture.
    public func box(pictureWidth: Int, pictureHeight: Int) -> Box {
        Box(
            x: x * Float(pictureWidth), y: y * Float(pictureHeight),
            width: width * Float(pictureWidth), height: height * Float(pictureHeight))
    }

    /// True when the centre of `box` (in pixels of the picture) lies inside.
    public func contains(centerOf box: Box, pictureWidth: Int, pictureHeight: Int) -> Bool {
        let acrossX = box.centerX / Float(pictureWidth)
        let acrossY = box.centerY / Float(pictureHeight)
        let right = x + width >= 0.999 ? Float.infinity : x + width
        let bottom = y + height >= 0.999 ? Float.infinity : y + height
        return acrossX >= x && acrossX < right && acrossY >= y && acrossY < bottom
    }
}

extension [Detection] {
    /// Removes the detections whose centres lie in any of the regions, in place and in order.
    public mutating func remove(inside regions: [Region], pictureWidth: Int, pictureHeight: Int) {
        guard !regions.isEmpty else { return }
        removeAll { detection in
            regions.contains {
                $0.contains(
                    centerOf: detection.box, pictureWidth: pictureWidth,
                    pictureHeight: pictureHeight)
            }
        }
    }
}
