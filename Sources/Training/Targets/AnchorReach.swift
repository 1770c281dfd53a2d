public import Datasets
internal import Scene
public import ThunderNet

/// Coverage of a set's boxes by the anchors of a model.
public struct AnchorReach: Sendable {
    /// IoU thresholds.
    public static let levels: [Float] = [0.3, 0.5, 0.7]

    /// Number of boxes.
    public private(set) var count = 0
    /// Number of boxes with an anchor of at least the IoU of each threshold.
    public private(set) var reached = [0, 0, 0]
    private var sum = 0.0
    private let grid: AnchorGrid
    /// Size of the input.
    public let extent: PictureExtent

    /// Creates an empty count for inputs of `extent`.
    public init(_ design: AnchorDesign, _ extent: PictureExtent) {
        grid = AnchorGrid(design, extent)
        self.extent = extent
    }

    /// Adds the annotations of an image, in its pixels; the image is resized to the input.
    public mutating func add(_ annotations: [Annotation], in picture: PictureExtent) {
        let patch = PicturePatch(
            picture: 0, source: PixelArea(picture).box, target: PixelArea(extent))
        for annotation in annotations where !annotation.isIgnored {
            let overlap = grid.greatestOverlap(with: patch.placed(annotation.box))
            count += 1
            sum += Double(overlap)
            for (index, level) in Self.levels.enumerated() where overlap >= level {
                reached[index] += 1
            }
        }
    }

    /// Mean over all boxes of the maximum IoU with an anchor; 0 without boxes.
    public var mean: Double { count > 0 ? sum / Double(count) : 0 }
}
