public import Datasets

/// A decoded image: 8-bit RGB, rows without padding.
public struct DecodedPicture: Hashable, Sendable {
    /// Size of ``rgb`` in pixels.
    public var extent: PictureExtent
    /// Size of the image in its file, after orientation.
    public var source: PictureExtent
    /// Pixels, three bytes each.
    public var rgb: [UInt8]

    /// Creates an image from its parts; `rgb` holds 3 × width × height bytes.
    public init(extent: PictureExtent, source: PictureExtent, rgb: [UInt8]) {
        precondition(rgb.count == 3 * extent.width * extent.height, "three bytes per pixel")
        self.extent = extent
        self.source = source
        self.rgb = rgb
    }
}

/// Decoder of image files; called from several threads concurrently.
public protocol PictureDecoder: Sendable {
    /// Decodes an image and scales it to the size given by `shape`, averaging over areas.
    ///
    /// - Throws: An error that describes the problem.
    func decode(_ path: String, to shape: StoreShape) throws -> DecodedPicture
}

/// Rule for the size of stored images.
public enum StoreShape: Hashable, Sendable {
    /// All images are resized to one size.
    case exactly(PictureExtent)
    /// Images are reduced to fit, with their aspect ratio, and never enlarged.
    case within(PictureExtent)

    /// Size of a stored image.
    public func extent(of source: PictureExtent) -> PictureExtent {
        switch self {
        case .exactly(let extent): return extent
        case .within(let limit):
            let scale = min(
                1, Double(limit.width) / Double(source.width),
                Double(limit.height) / Double(source.height))
            func side(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
            return PictureExtent(width: side(source.width), height: side(source.height))
        }
    }

    /// Text form for the store's index: `=640x360` or `<640x360`.
    var text: String {
        switch self {
        case .exactly(let extent): "=\(extent.width)x\(extent.height)"
        case .within(let extent): "<\(extent.width)x\(extent.height)"
        }
    }
}
