internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Video

/// The folder of all recordings, each camera's in a folder of its own: gives names, and removes what is too old or too
/// much.
///
/// Everything under a name of ours counts and may be removed, whichever run wrote it; what grows is never removed.
final class RecordingFolder: Sendable {
    /// Files that belong together: pictures and sound, and the lines beside them.
    private struct Recording: Sendable {
        var time: Double
        var paths: [String]
        var bytes: Int
    }

    private struct State: Sendable {
        /// Oldest first.
        var finished: [Recording] = []
        var growing: Set<String> = []
        var scannedAt: Double?
        var hasComplained = false
    }

    /// The folder.
    let path: String
    private let keepFor: Double?
    private let keepSize: Int?
    private let console: Console
    private let state = Lock(State())

    /// Seconds for which what was found in the folder is believed before anything goes for want of room.
    private static let trust = 600.0
    private static let endings = ["mp4", "mkv", "ndjson"]

    /// Opens the folder, or makes it, with one for each camera; what a killed run left growing gets its name.
    ///
    /// - Throws: A `RunError` when nothing can be written there.
    init(
        _ path: String, keepFor: Double? = nil, keepSize: Int? = nil, cameras: [String],
        console: Console
    ) throws(RunError) {
        self.path = path
        self.keepFor = keepFor
        self.keepSize = keepSize
        self.console = console
        do {
            for camera in cameras {
                try FileManager.default.createDirectory(
                    atPath: path + "/" + camera, withIntermediateDirectories: true)
                try Self.checkWritable(path + "/" + camera)
            }
        } catch {
            throw RunError(
                .notWritable, "The folder of recordings \(path): \(fileErrorReason(error))")
        }
        adoptLeftovers()
    }

    /// The folder that a description names; nil where nothing is to be recorded.
    ///
    /// - Throws: What the other initialiser throws.
    convenience init?(_ live: LiveDescription, console: Console) throws(RunError) {
        guard let path = live.record.folder else { return nil }
        try self.init(
            path, keepFor: live.record.keepFor, keepSize: live.record.keepSize,
            cameras: live.cameras.map(\.name), console: console)
    }

    private static func checkWritable(_ folder: String) throws {
        let trial = folder + "/.thunderline"
        try Data().write(to: URL(fileURLWithPath: trial))
        try FileManager.default.removeItem(atPath: trial)
    }

    private func adoptLeftovers() {
        for (file, _) in files() where UnfinishedOutput.isOne(file) {
            guard let whole = UnfinishedOutput.adopt(file) else { continue }
            console.info(
                "\(whole) was left by a run that was cut off; it ends with its last pictures.")
        }
    }

    /// The path, without an ending, of what a camera records from now on; it counts as growing.
    func begin(_ name: RecordingName) -> String {
        let stem = stem(of: name)
        state.withLock { _ = $0.growing.insert(stem) }
        return stem
    }

    /// Nothing is written under a name any more.
    ///
    /// What could not be finished gets its name as it is.
    func end(_ stem: String) {
        for ending in Self.endings { _ = UnfinishedOutput.adopt("\(stem).partial.\(ending)") }
        let paths = Self.endings.map { "\(stem).\($0)" }
            .filter { FileManager.default.fileExists(atPath: $0) }
        let recording = Recording(
            time: Date().timeIntervalSince1970, paths: paths,
            bytes: paths.reduce(0) { $0 + Self.size($1) })
        state.withLock { state in
            state.growing.remove(stem)
            if state.scannedAt != nil && !paths.isEmpty { state.finished.append(recording) }
        }
    }

    private func stem(of name: RecordingName) -> String { "\(path)/\(name.camera)/\(name.stem)" }

    /// Whether there is so much room again that recording is worth another try: a twentieth of the disk, but not more
    /// than 256 MB.
    var hasRoom: Bool {
        guard let facts = try? FileManager.default.attributesOfFileSystem(forPath: path),
            let free = facts[.systemFreeSize] as? Int, let size = facts[.systemSize] as? Int
        else { return true }
        return free >= min(size / 20, 256_000_000)
    }

    /// Removes recordings that are too old, then the oldest while there is too much; those that cannot be removed are
    /// passed over.
    func prune(now: Double) {
        guard keepFor != nil || keepSize != nil else { return }
        let scannedAt = state.withLock { $0.scannedAt }
        let isTooMuch = keepSize.map { total > $0 } ?? false
        if scannedAt.map({ isTooMuch && now - $0 > Self.trust }) ?? true { scan(now) }
        var bytes = total
        var removed: Set<[String]> = []
        for recording in state.withLock({ $0.finished }) {
            let isOld = keepFor.map { recording.time < now - $0 } ?? false
            let isTooMuch = keepSize.map { bytes > $0 } ?? false
            guard isOld || isTooMuch else { break }
            guard remove(recording) else { continue }
            bytes -= recording.bytes
            removed.insert(recording.paths)
        }
        state.withLock { $0.finished.removeAll { removed.contains($0.paths) } }
    }

    /// Bytes of all recordings, growing ones included.
    var total: Int {
        let (finished, growing) = state.withLock { ($0.finished, $0.growing) }
        let grown = growing.reduce(0) { sum, stem in
            sum + Self.endings.reduce(0) { $0 + Self.size("\(stem).partial.\($1)") }
        }
        return finished.reduce(grown) { $0 + $1.bytes }
    }

    private func remove(_ recording: Recording) -> Bool {
        for path in recording.paths {
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                guard FileManager.default.fileExists(atPath: path) else { continue }
                let isNew = state.withLock { state in
                    defer { state.hasComplained = true }
                    return !state.hasComplained
                }
                if isNew {
                    console.error("Removing \(path): \(fileErrorReason(error))")
                }
                return false
            }
        }
        return true
    }

    /// Looks at what is there: other programs, and people, may have removed something.
    private func scan(_ now: Double) {
        state.withLock { state in
            var found: [String: Recording] = [:]
            for (file, name) in files() {
                let stem = stem(of: name)
                guard !state.growing.contains(stem), let time = name.time else { continue }
                found[stem, default: Recording(time: time, paths: [], bytes: 0)].paths.append(file)
                found[stem]?.bytes += Self.size(file)
            }
            state.finished = found.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }
                .map(\.value)
            state.scannedAt = now
        }
    }

    /// All files of ours.
    private func files() -> [(path: String, name: RecordingName)] {
        let manager = FileManager.default
        let cameras = (try? manager.contentsOfDirectory(atPath: path)) ?? []
        return cameras.filter(CameraDescription.isName).flatMap { camera in
            ((try? manager.contentsOfDirectory(atPath: "\(path)/\(camera)")) ?? []).compactMap {
                file in
                RecordingName(file: file, camera: camera).map { ("\(path)/\(camera)/\(file)", $0) }
            }
        }
    }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}
