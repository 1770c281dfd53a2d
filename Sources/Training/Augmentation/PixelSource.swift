internal import Datasets

/// Provider of decoded pixels for a renderer.
public protocol PixelSource {
    /// Calls the body with an image's pixels (8-bit RGB, rows without padding), width and height.
    func withPixels(
        of picture: Int, _ body: (_ rgb: Span<UInt8>, _ width: Int, _ height: Int) -> Void)
}

extension PictureStore: PixelSource {
    /// Calls the body with a valid image's pixels, width and height.
    public func withPixels(
        of picture: Int, _ body: (_ rgb: Span<UInt8>, _ width: Int, _ height: Int) -> Void
    ) {
        let extent = pictures[picture].extent
        withPixels(of: picture) { (rgb: Span<UInt8>) in body(rgb, extent.width, extent.height) }
    }
}

extension [DecodedPicture]: PixelSource {
    /// Calls the body with the pixels, width and height of an image in memory.
    public func withPixels(
        of picture: Int, _ body: (_ rgb: Span<UInt8>, _ width: Int, _ height: Int) -> Void
    ) {
        let decoded = self[picture]
        body(decoded.rgb.span, decoded.extent.width, decoded.extent.height)
    }
}
