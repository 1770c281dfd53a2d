internal import Foundation
internal import Pipeline

/// The pictures of events as files, of which only so many are kept; whatever else lies beside them is not touched.
struct SnapshotFolder: Sendable {
    /// The folder.
    let path: String
    private let limit: Int
    /// Names in the order in which they will be removed.
    private var names: [String]
    /// Names at the front that are removed already.
    private var removed = 0

    /// Opens a folder, or makes it; pictures of earlier runs count.
    ///
    /// - Throws: A `RunError` when there can be no such folder.
    init(_ path: String, limit: Int) throws(RunError) {
        self.path = path
        self.limit = limit
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            let found = try FileManager.default.contentsOfDirectory(atPath: path)
            names = Self.byTime(found)
        } catch {
            throw RunError(
                .notWritable, "The folder of snapshots \(path): \(fileErrorReason(error))")
        }
    }

    /// Writes a picture under a name; the oldest goes where there are too many.
    ///
    /// - Throws: What the file system says.
    mutating func write(_ picture: [UInt8], as name: String) throws {
        try Data(picture).write(
            to: URL(fileURLWithPath: path).appendingPathComponent(name), options: .atomic)
        names.append(name)
        while names.count - removed > limit {
            try? FileManager.default.removeItem(atPath: path + "/" + names[removed])
            removed += 1
        }
        if removed > 1024 {
            names.removeFirst(removed)
            removed = 0
        }
    }

    /// Those of ours, the oldest first.
    private static func byTime(_ names: [String]) -> [String] {
        let stamped = names.compactMap { name in
            EventRecord.stamp(ofSnapshot: name).map { ($0, name) }
        }
        return stamped.sorted { $0 < $1 }.map(\.1)
    }
}
