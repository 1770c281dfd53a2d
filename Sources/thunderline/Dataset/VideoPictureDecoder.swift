import Datasets
import Training
import Video

/// Image decoder for all formats that FFmpeg reads.
struct VideoPictureDecoder: PictureDecoder {
    /// Decodes the first image of a plain file, applies its orientation, and scales it.
    ///
    /// - Throws: An error with a message that describes the problem.
    func decode(_ path: String, to shape: StoreShape) throws -> DecodedPicture {
        try PlainFile.check(path)
        var reader = try VideoReader(path)
        guard case .frame(let frame)? = try reader.next() else {
            throw DatasetError(.wrong, "Reading \(path): it contains no image.")
        }
        guard !frame.isCorrupt else {
            throw DatasetError(.wrong, "Reading \(path): the image is damaged.")
        }
        let source = PictureExtent(width: frame.width, height: frame.height)
        let extent = shape.extent(of: source)
        var pixels = [UInt8](repeating: 0, count: 3 * extent.width * extent.height)
        var canvas = pixels.mutableSpan
        var scaler = Scaler()
        try scaler.scale(
            frame, to: .stretch(canvasWidth: extent.width, canvasHeight: extent.height),
            into: &canvas)
        return DecodedPicture(extent: extent, source: source, rgb: pixels)
    }
}

extension DatasetError {
    /// Message of any error that a decoder throws.
    static func text(_ error: any Error) -> String {
        (error as? VideoError)?.message ?? "\(error)"
    }
}
