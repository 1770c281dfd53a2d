public import Datasets

/// Pictures of one size and what is in each.
public struct TrainingBatch: Sendable {
    /// Size of every picture in pixels.
    public var extent: PictureExtent
    /// Normalised numbers, three a pixel, row after row, picture after picture (NHWC).
    public var pixels: [Float]
    /// What each picture shows.
    public var plans: [PicturePlan]

    /// A batch by its parts.
    public init(extent: PictureExtent, pixels: [Float], plans: [PicturePlan]) {
        precondition(
            pixels.count == 3 * extent.width * extent.height * plans.count,
            "three numbers for every pixel")
        self.extent = extent
        self.pixels = pixels
        self.plans = plans
    }
}
