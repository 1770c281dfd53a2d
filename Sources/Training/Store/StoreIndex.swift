public import Datasets
internal import Foundation

/// One picture of a store.
public struct StoredPicture: Hashable, Sendable {
    /// The file it was decoded from.
    public var path: String
    /// Size in the store.
    public var extent: PictureExtent
    /// Size in its file, in which its boxes are.
    public var source: PictureExtent
    /// The reason why there are no pixels; nil for a sound picture.
    public var trouble: String?
    /// Place of the first byte in the store.
    var offset: Int
    /// The file when it was decoded.
    var attributes: FileAttributes
    /// Hash of the file's contents, by which a touched file is told from a changed one.
    var digest: String

    /// True when there are pixels.
    public var isSound: Bool { trouble == nil }
    /// Bytes of its pixels.
    var byteCount: Int { isSound ? 3 * extent.width * extent.height : 0 }
}

/// Size and modification time of a file.
struct FileAttributes: Hashable, Sendable, Codable {
    var bytes: Int
    /// Seconds since 1970.
    var modified: Double

    /// Attributes of a file; nil where there is none.
    init?(_ path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
            let bytes = (attributes[.size] as? NSNumber)?.intValue,
            let date = attributes[.modificationDate] as? Date
        else { return nil }
        self.bytes = bytes
        modified = date.timeIntervalSince1970
    }

    /// Attributes of a file that could not be read.
    init() { (bytes, modified) = (-1, 0) }
}

/// The table at the end of a store.
struct StoreIndex: Codable, Sendable {
    static let currentVersion = 2

    struct Row: Codable, Sendable {
        var path: String
        /// Width and height in the store, width and height in the file.
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

    /// The pictures, or nil where a number makes no sense in a file with so many bytes of pixels.
    func pictures(pixelBytes: Int) -> [StoredPicture]? {
        var pictures: [StoredPicture] = []
        for row in rows {
            guard row.sides.count == 4, row.sides.allSatisfy({ (0...65_536).contains($0) }),
                row.offset >= 0
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
