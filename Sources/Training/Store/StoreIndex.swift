public import Datasets
internal import Foundation

/// One image of a store.
public struct StoredPicture: Hashable, Sendable {
    /// Path of the image file.
    public var path: String
    /// Size in the store, in pixels.
    public var extent: PictureExtent
    /// Size in the image file, in pixels; boxes of annotations refer to it.
    public var source: PictureExtent
    /// Reason why the image could not be decoded; nil for a valid image.
    public var trouble: String?
    /// Offset of the first byte in the store.
    var offset: Int
    /// Attributes of the image file when it was decoded.
    var attributes: FileAttributes
    /// Hash of the image file's contents, to detect changes after its modification time changed.
    var digest: String

    /// True when the image has pixels.
    public var isSound: Bool { trouble == nil }
    /// Size of the pixels in bytes.
    var byteCount: Int { isSound ? 3 * extent.width * extent.height : 0 }
}

/// Size and modification time of a file.
struct FileAttributes: Hashable, Sendable, Codable {
    var bytes: Int
    /// Seconds since 1970.
    var modified: Double

    /// Reads the attributes of a file; nil if it does not exist.
    init?(_ path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
            let bytes = (attributes[.size] as? NSNumber)?.intValue,
            let date = attributes[.modificationDate] as? Date
        else { return nil }
        self.bytes = bytes
        modified = date.timeIntervalSince1970
    }

    /// Creates the attributes of a file that could not be read.
    init() { (bytes, modified) = (-1, 0) }
}

/// Index at the end of a store.
struct StoreIndex: Codable, Sendable {
    static let currentVersion = 2

    struct Row: Codable, Sendable {
        var path: String
        /// Width and height in the store, then in the file.
        var sides: [Int]
        var offset: Int
        var attributes: FileAttributes
        var digest: String
        var trouble: String?
    }

    var version = currentVersion
    var shape: String
    var rows: [Row]

    init(shape: StoreShape, pictures: [StoredPicture]) {
        self.shape = shape.text
        rows = pictures.map { picture in
            Row(
                path: picture.path,
                sides: [
                    picture.extent.width, picture.extent.height, picture.source.width,
                    picture.source.height,
                ], offset: picture.offset, attributes: picture.attributes, digest: picture.digest,
                trouble: picture.trouble)
        }
    }

    /// Decodes the images; nil if an entry is invalid for a file with this size of pixels.
    func pictures(pixelBytes: Int) -> [StoredPicture]? {
        var pictures: [StoredPicture] = []
        for row in rows {
            let smallest = row.trouble == nil ? 1 : 0
            guard row.sides.count == 4, row.offset >= 0,
                row.sides.allSatisfy({ (smallest...65_536).contains($0) })
            else { return nil }
            let picture = StoredPicture(
                path: row.path, extent: PictureExtent(width: row.sides[0], height: row.sides[1]),
                source: PictureExtent(width: row.sides[2], height: row.sides[3]),
                trouble: row.trouble, offset: row.offset, attributes: row.attributes,
                digest: row.digest)
            guard picture.offset <= pixelBytes - picture.byteCount else { return nil }
            pictures.append(picture)
        }
        return pictures
    }
}
