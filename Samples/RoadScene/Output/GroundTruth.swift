/// Ground-truth object in one frame.
struct TruthBox {
    var id: Int
    var objectClass: ObjectClass
    /// Bounding box of the visible part, in pixels.
    var left, top, width, height: Float
    /// Visible fraction of the object, 0 to 1: not occluded and inside the image.
    var visibility: Float
}

/// Ground truth of an image, computed from the body that each sample shows.
enum GroundTruth {
    /// Minimum number of visible pixels of a listed object.
    static let minimumPixels = 16

    /// Boxes of one image, in the order of the bodies.
    static func boxes(
        _ bodies: [Body], _ coverages: [Int: RasterImage.Coverage], _ image: RasterImage,
        samples: Int
    ) -> [TruthBox] {
        let seen = extents(image)
        return coverages.keys.sorted().compactMap { number in
            guard let id = bodies[number].id, let kind = bodies[number].objectClass,
                let extent = seen[Int32(number)], extent.count >= minimumPixels * samples * samples,
                let coverage = coverages[number]
            else { return nil }
            let unhidden = Float(extent.count) / Float(max(1, coverage.samples))
            let scale = 1 / Float(samples)
            return TruthBox(
                id: id, objectClass: kind, left: Float(extent.left) * scale,
                top: Float(extent.top) * scale,
                width: Float(extent.right - extent.left + 1) * scale,
                height: Float(extent.bottom - extent.top + 1) * scale,
                visibility: unhidden * coverage.shareInside(image.width, image.height))
        }
    }

    fileprivate struct Extent {
        var left: Int
        var top: Int
        var right: Int
        var bottom: Int
        var count = 0
    }

    fileprivate static func extents(_ image: RasterImage) -> [Int32: Extent] {
        var result: [Int32: Extent] = [:]
        for row in 0..<image.height {
            for column in 0..<image.width {
                let owner = image.owners[row * image.width + column]
                guard owner >= 0 else { continue }
                result[owner, default: Extent(left: column, top: row, right: column, bottom: row)]
                    .take(column, row)
            }
        }
        return result
    }
}

extension GroundTruth.Extent {
    fileprivate mutating func take(_ column: Int, _ row: Int) {
        left = min(left, column)
        right = max(right, column)
        bottom = max(bottom, row)
        count += 1
    }
}

extension RasterImage.Coverage {
    /// Fraction of the body's rectangle inside the image.
    fileprivate func shareInside(_ width: Int, _ height: Int) -> Float {
        let inside =
            max(0, min(right, Float(width)) - max(left, 0))
            * max(0, min(bottom, Float(height)) - max(top, 0))
        let whole = (right - left) * (bottom - top)
        return whole > 0 ? min(1, inside / whole) : 0
    }
}

extension TruthBox {
    /// Line of a MOTChallenge ground truth: frame (from 1), identity, left, top, width, height, 1, class, visibility.
    func line(frame: Int) -> String {
        let numbers = [left, top, width, height].map { Self.decimal($0, 2) }.joined(separator: ",")
        return
            "\(frame),\(id),\(numbers),1,\(objectClass.rawValue),\(Self.decimal(visibility, 3))\n"
    }

    /// Formats a non-negative number with 2 or 3 decimals.
    private static func decimal(_ value: Float, _ places: Int) -> String {
        let scale = places == 2 ? 100 : 1000
        let scaled = Int((max(0, value) * Float(scale)).rounded())
        let rest = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: places - rest.count) + rest
    }
}
