public import Datasets

/// A decoded picture: 8-bit red, green, blue, rows without gaps.
public struct DecodedPicture: Hashable, Sendable {
    /// Size of `rgb`.
    public var extent: PictureExtent
    /// Size of the picture in its file, upright.
    public var source: PictureExtent
    /// Three bytes a pixel.
    public var rgb: [UInt8]

    /// A picture by its parts; `rgb` holds 3 × width × height bytes.
    public init(extent: PictureExtent, source: PictureExtent, rgb: [UInt8]) {
        precondition(rgb.count == 3 * extent.width * extent.height, "not one picture")
        self.extent = extent
        self.source = source
        self.rgb = rgb
    }
}

/// Reads pictures from files; called from several threads at once.
public protocol PictureDecoder: Sendable {
    /// Reads one picture and scales it to the size that `shape` wants, averaging over areas.
    ///
    /// - Throws: Whatever describes the trouble with this picture to people.
    func decode(_ path: String, to shape: StoreShape) throws -> DecodedPicture
}

/// The sizes in which a store keeps pictures.
public enum StoreShape: Hashable, Sendable {
    /// Every picture stretched to one size.
    case exactly(PictureExtent)
    /// Shrunk in proportion until it fits, never enlarged.
    case within(PictureExtent)

    /// The size in which a picture is kept.
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

    /// The shape in one word, for the store's index: `=640x360` or `<640x360`.
    var text: String {
        switch self {
        case .exactly(let extent): "=\(extent.width)x\(extent.height)"
        case .within(let extent): "<\(extent.width)x\(extent.height)"
        }
    }
}
