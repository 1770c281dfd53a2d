import Datasets
import Training
import Video

/// Decodes pictures in any format that FFmpeg reads.
struct VideoPictureDecoder: PictureDecoder {
    /// Reads the first picture of a plain file, upright, and scales it.
    ///
    /// - Throws: An error whose text says in words what is wrong with the file.
    func decode(_ path: String, to shape: StoreShape) throws -> DecodedPicture {
        try PlainFile.check(path)
        var reader = try VideoReader(path)
        guard case .frame(let frame)? = try reader.next() else {
            throw DatasetError(.wrong, "Reading \(path): there is no picture in it.")
        }
        guard !frame.isCorrupt else {
            throw DatasetError(.wrong, "Reading \(path): the picture is damaged.")
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
    /// The text of any error that a decoder throws.
    static func text(_ error: any Error) -> String {
        (error as? VideoError)?.message ?? "\(error)"
    }
}
