/// Training of a backbone as a classifier of whole images.
public struct ClassificationOptions: Hashable, Sendable, Codable {
    /// Number of classes, the first by name; nil for all.
    public var classCount: Int?
    /// Stride of the network's first layers: 4, or 2 or 1 for small images, where some of them keep the map's size.
    public var stemStride = 4
    /// Share of the target that all classes divide among them (label smoothing; Szegedy et al., 2016).
    public var smoothing = 0.1
    /// Minimum area of a crop relative to the image's (random resized crop; Szegedy et al., 2015).
    public var leastArea = 0.36
    /// Range of a crop's aspect ratio relative to the image's.
    public var aspects: ClosedRange<Float> = 0.75...(4.0 / 3)
    /// Number of batches that measure the statistics of batch normalizations anew at the end; 0 keeps the averages.
    public var recalibration = 100

    /// The defaults.
    public init() {}
}

extension ClassificationOptions {
    /// Strides of first layers that a recipe may name.
    public static let stemStrides = [1, 2, 4]
}
