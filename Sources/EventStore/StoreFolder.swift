internal import CSQLite
internal import Foundation
internal import Glibc

/// Folder of a store: its database, and the lock that keeps a second writer out.
public struct StoreFolder: Sendable {
    /// Path of the folder.
    public let path: String
    /// Path of the database.
    public var database: String { path + "/events.sqlite" }

    private static let setAsideLimit = 64 << 20

    /// The folder at a path.
    public init(_ path: String) { self.path = path }

    /// Creates the folder and locks it for this process.
    ///
    /// - Returns: Descriptor that holds the lock until it is closed.
    /// - Throws: A ``StoreError``.
    func lock() throws(StoreError) -> Int32 {
        let doing = "The event store \(path)"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750])
        } catch {
            throw StoreError(.other, "\(doing): the folder cannot be made. Check the path.")
        }
        let descriptor = unsafe open(
            path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else {
            throw StoreError(
                .other, "\(doing): nothing can be written there. Check its owner and mode.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError(
                .inUse, "\(doing): another run writes it. Give each a folder of its own.")
        }
        return descriptor
    }

    /// Opens the database for its writer; a damaged one is set aside, and a new one begun.
    ///
    /// - Returns: The database, and the sentence about a damaged one.
    /// - Throws: A ``StoreError``.
    func openForWriting() throws(StoreError) -> (database: Database, warning: String?) {
        do throws(StoreError) {
            return (try openDatabase(), nil)
        } catch {
            guard error.kind == .damaged else { throw error }
            let name = try setAside()
            return (
                try openDatabase(),
                "\(error.message) It is kept as \(name); a new one is begun."
            )
        }
    }

    private func openDatabase() throws(StoreError) -> Database {
        let database = try Database(database)
        try database.execute(StoreSchema.settings)
        try StoreSchema.migrate(database, path)
        try check(database)
        return database
    }

    /// Reads a small database whole and the roots of a large one, since reading all of that takes long.
    private func check(_ database: Database) throws(StoreError) {
        let size = try? FileManager.default.attributesOfItem(atPath: self.database)[.size] as? Int
        if size ?? 0 <= Self.setAsideLimit {
            var answer = ""
            try database.query("PRAGMA quick_check(1)") {
                answer = $0.text(0)
                return false
            }
            guard answer == "ok" else {
                throw StoreError(
                    .damaged, "The event store \(path): the database is damaged (\(answer)).")
            }
        }
        for table in ["object", "event", "place", "picture", "tally"] {
            try database.query("SELECT * FROM \(table) LIMIT 1")
        }
    }

    /// Renames a damaged database with its log; returns its new name.
    func setAside() throws(StoreError) -> String {
        let time = Int(Date().timeIntervalSince1970)
        let name = "events-damaged-\(time).sqlite"
        for ending in ["", "-wal", "-shm"] {
            guard FileManager.default.fileExists(atPath: database + ending) else { continue }
            guard unsafe rename(database + ending, "\(path)/\(name)\(ending)") == 0 else {
                throw StoreError(
                    .other,
                    "The event store \(path): the damaged database cannot be renamed. Check the folder's mode."
                )
            }
        }
        return name
    }

    /// Warning when the folder is on a network, where locks and SQLite's log may fail; nil elsewhere.
    var networkWarning: String? {
        // NFS, SMB 1 to 3, and Coda, by the numbers of statfs(2).
        let networks: Set<Int> = [0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x517B, 0x7375_7245]
        guard networks.contains(unsafe tl_file_system(path)) else { return nil }
        return
            "The event store \(path) is on a network file system, where databases may be damaged: use a local disk."
    }
}

/// Lock of a store's folder.
enum StoreLock {
    /// Lets another process write.
    static func release(_ descriptor: Int32) { close(descriptor) }
}
