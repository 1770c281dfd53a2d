internal import Datasets
internal import Foundation

/// Decoded images in a memory-mapped file, so that images are decoded only once.
///
/// The file contains pixels (8-bit RGB, image after image, rows without padding), a JSON index, and a trailer of 32
/// bytes: offset and length of the index, its hash, and a signature, all little-endian. It is written to a temporary
/// file and renamed when complete, so that every store that opens is complete.
public struct PictureStore: Sendable {
    static let signature: UInt64 = 0x3130_5350_4C54_0A0D
    static let trailerBytes = 32

    /// The images in the order of the builder's paths.
    public let pictures: [StoredPicture]
    private let shape: String
    private let bytes: Data

    /// Opens a store.
    ///
    /// - Throws: A ``TrainingDataError`` if the file does not exist, or is truncated or damaged.
    public init(path: String) throws(TrainingDataError) {
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw TrainingDataError("Opening \(path): no such file.")
        }
        guard let (index, pixelBytes) = Self.index(of: bytes),
            let pictures = index.pictures(pixelBytes: pixelBytes)
        else {
            throw TrainingDataError(
                "Opening \(path): it is not a complete image store. Delete it to have it rebuilt."
            )
        }
        self.pictures = pictures
        shape = index.shape
    }

    /// Size of all pixels in bytes.
    public var pixelBytes: Int { pictures.reduce(0) { $0 + $1.byteCount } }

    /// Calls the body with a valid image's pixels: 8-bit RGB, rows without padding.
    public func withPixels<Result>(
        of index: Int, _ body: (Span<UInt8>) throws -> Result
    ) rethrows -> Result {
        let picture = pictures[index]
        let span = bytes.span
        return try body(span.extracting(picture.offset..<picture.offset + picture.byteCount))
    }

    /// True when the store contains these files in this order and shape, and none of them has changed.
    ///
    /// Contents are hashed only if a file's size or modification time changed.
    public func isCurrent(for paths: [String], shape: StoreShape) -> Bool {
        guard self.shape == shape.text, pictures.map(\.path) == paths else { return false }
        return pictures.allSatisfy { picture in
            guard let attributes = FileAttributes(picture.path) else {
                return picture.attributes == FileAttributes()
            }
            if attributes == picture.attributes { return true }
            guard attributes.bytes == picture.attributes.bytes,
                let digest = try? ContentHash.ofFile(picture.path)
            else { return false }
            return digest == picture.digest
        }
    }

    private static func index(of bytes: Data) -> (StoreIndex, pixelBytes: Int)? {
        guard bytes.count >= trailerBytes else { return nil }
        let trailer = [UInt8](bytes.suffix(trailerBytes))
        func word(_ place: Int) -> UInt64 {
            trailer[8 * place..<8 * place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard word(3) == signature, let start = Int(exactly: word(0)),
            let count = Int(exactly: word(1)), start >= 0, count > 0,
            start <= bytes.count - trailerBytes, count == bytes.count - trailerBytes - start
        else { return nil }
        let text = bytes.subdata(in: start..<start + count)
        guard ContentHash.of([UInt8](text).span) == word(2),
            let index = try? JSONDecoder().decode(StoreIndex.self, from: text),
            index.version == StoreIndex.currentVersion
        else { return nil }
        return (index, start)
    }
}
