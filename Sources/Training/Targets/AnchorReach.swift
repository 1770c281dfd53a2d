public import Datasets
internal import Scene
public import ThunderNet

/// How many boxes of a set the anchors of a design reach, before any hour is spent.
public struct AnchorReach: Sendable {
    /// Overlaps for which the shares are told.
    public static let levels: [Float] = [0.3, 0.5, 0.7]

    /// Boxes counted.
    public private(set) var count = 0
    /// How many of them have an anchor of at least the overlap of each level.
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

    /// Adds the boxes of a picture, in pixels of it, as they are when it is stretched to the input.
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

    /// The mean over all boxes of the greatest overlap with an anchor; 0 without boxes.
    public var mean: Double { count > 0 ? sum / Double(count) : 0 }
}
