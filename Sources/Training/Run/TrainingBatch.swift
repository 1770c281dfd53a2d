public import Datasets

/// Images of equal size with their annotations.
public struct TrainingBatch: Sendable {
    /// Size of each image in pixels.
    public var extent: PictureExtent
    /// Normalized values, `[images, rows, columns, 3]` (NHWC); nil if the plans are drawn by ``TorchPictures``.
    public var pixels: [Float]?
    /// Plan of each image, with its annotations.
    public var plans: [PicturePlan]

    /// Creates a batch from its parts.
    public init(extent: PictureExtent, pixels: [Float]?, plans: [PicturePlan]) {
        let count = 3 * extent.width * extent.height * plans.count
        precondition(pixels.map { $0.count == count } ?? true, "three values per pixel")
        self.extent = extent
        self.pixels = pixels
        self.plans = plans
    }
}
