internal import Analytics
internal import Foundation
internal import Pipeline
internal import Video

/// Folder of the most recent snapshots; other files in it are not touched.
struct SnapshotFolder: Sendable {
    /// Kinds of events that make a snapshot.
    static let kinds: Set<ObjectEvent.Kind> = [.begin, .change]

    /// Path of the folder.
    let path: String
    private let folder: RealFolder
    private let limit: Int
    /// File names, oldest first.
    private var names: [String]
    /// Number of names at the front whose files are removed already.
    private var removed = 0

    /// Opens or creates a folder; snapshots of earlier runs count.
    ///
    /// - Throws: A `RunError` when the folder cannot be used.
    init(_ path: String, limit: Int) throws(RunError) {
        self.path = path
        self.limit = limit
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: guardedFolderMode])
            names = Self.byTime(try FileManager.default.contentsOfDirectory(atPath: path))
            guard let folder = RealFolder(given: path) else {
                throw CocoaError(.fileReadNoPermission)
            }
            self.folder = folder
        } catch {
            throw RunError("The folder of snapshots \(path)", writing: error)
        }
    }

    /// Writes a snapshot and removes the oldest above the limit.
    ///
    /// - Throws: An error of the file system.
    mutating func write(_ image: [UInt8], as name: String) throws {
        let file = try GrowingFile(path + "/" + name, overwrite: false, mode: .guarded)
        do throws(VideoError) {
            try file.append(image)
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
        names.append(name)
        while names.count - removed > limit {
            try? folder.remove(names[removed])
            removed += 1
        }
        if removed > 1024 {
            names.removeFirst(removed)
            removed = 0
        }
    }

    /// Snapshots among file names, oldest first.
    private static func byTime(_ names: [String]) -> [String] {
        let stamped = names.compactMap { name in
            EventRecord.timestamp(ofSnapshot: name).map { ($0, name) }
        }
        return stamped.sorted { $0 < $1 }.map(\.1)
    }
}

/// Mode of a folder for what cameras see: nothing for other users.
let guardedFolderMode = 0o750
