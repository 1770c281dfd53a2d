internal import Datasets

/// Where a renderer finds pixels.
public protocol PixelSource {
    /// Lends the pixels of a picture (three bytes each, row after row) with its width and height.
    func withPixels(
        of picture: Int, _ body: (_ rgb: Span<UInt8>, _ width: Int, _ height: Int) -> Void)
}

extension PictureStore: PixelSource {
    /// Lends the pixels of a sound picture with its width and height.
    public func withPixels(
        of picture: Int, _ body: (_ rgb: Span<UInt8>, _ width: Int, _ height: Int) -> Void
    ) {
        let extent = pictures[picture].extent
        withPixels(of: picture) { (rgb: Span<UInt8>) in body(rgb, extent.width, extent.height) }
    }
}

extension [DecodedPicture]: PixelSource {
    /// Lends the pixels of a picture in memory with its width and height.
    public func withPixels(
        of picture: Int, _ body: (_ rgb: Span<UInt8>, _ width: Int, _ height: Int) -> Void
    ) {
        let decoded = self[picture]
        body(decoded.rgb.span, decoded.extent.width, decoded.extent.height)
    }
}
