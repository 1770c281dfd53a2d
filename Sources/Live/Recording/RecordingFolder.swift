internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Video

/// Folder of all recordings, with a folder per camera: names files, and removes old ones.
///
/// Every regular file with the name of a recording counts and may be removed, whichever run wrote it.
/// Files that are being written are never removed, nor anything behind a link. One run at a time uses
/// a folder.
final class RecordingFolder: Sendable {
    /// Video file together with its results file.
    private struct Recording: Sendable {
        var time: Double
        var paths: [String]
        var bytes: Int
    }

    private struct State: Sendable {
        /// Finished recordings, oldest first.
        var finished: [Recording] = []
        var unfinished: Set<String> = []
        var scannedAt: Double?
        var hasWarned = false
        var clock = RetentionClock()
    }

    /// Path of the folder.
    let path: String
    /// The locked folder.
    private let folder: RealFolder
    private let keepFor: Double?
    private let keepSize: Int?
    private let console: Console
    private let state = Lock(State())

    /// Seconds after which the folder is scanned again before anything is removed for its size.
    private static let scanInterval = 600.0
    private static let extensions = ["mp4", "mkv", "ndjson"]

    /// Opens or creates the folder, and recovers unfinished recordings of killed runs.
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
        folder = try Self.open(path, cameras)
        recoverUnfinished()
    }

    private static func open(_ path: String, _ cameras: [String]) throws(RunError) -> RealFolder {
        let doing = "The folder of recordings \(path)"
        do {
            for camera in cameras {
                try FileManager.default.createDirectory(
                    atPath: path + "/" + camera, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: guardedFolderMode])
            }
        } catch {
            throw RunError(doing, writing: error)
        }
        guard let folder = RealFolder(given: path) else {
            throw RunError(.notWritable, "\(doing): it cannot be opened. Check its owner and mode.")
        }
        guard folder.lock() else {
            throw RunError(
                .notWritable,
                "\(doing): another run records into it. Give each a folder of its own.")
        }
        for camera in cameras {
            guard let real = RealFolder(path + "/" + camera) else {
                throw RunError(
                    .notWritable,
                    "\(doing): \(camera) in it is a link, which is not followed. Name the folder it leads to."
                )
            }
            do throws(VideoError) {
                try real.checkWritable()
            } catch {
                throw RunError(error)
            }
        }
        return folder
    }

    /// Opens the folder of a description; nil when nothing is recorded.
    ///
    /// - Throws: A `RunError` when nothing can be written there.
    convenience init?(_ live: LiveDescription, console: Console) throws(RunError) {
        guard let path = live.record.folder else { return nil }
        try self.init(
            path, keepFor: live.record.keepFor, keepSize: live.record.keepSize,
            cameras: live.cameras.map(\.name), console: console)
    }

    private func recoverUnfinished() {
        for (file, _, _) in files() where UnfinishedOutput.isUnfinished(file) {
            guard let whole = UnfinishedOutput.recover(file) else { continue }
            console.info(
                "\(whole) was recovered from a run that was cut off; its last half second may be missing."
            )
        }
    }

    /// Begins a recording and returns its path without extension.
    ///
    /// It is not removed before it ends.
    ///
    /// - Throws: A `RunError` when the camera's folder has become a link, which is not followed.
    func begin(_ name: RecordingName) throws(RunError) -> String {
        let stem = stem(of: name)
        guard RealFolder("\(path)/\(name.camera)") != nil else {
            throw RunError(
                .notWritable,
                "The folder of recordings \(path)/\(name.camera) is gone, or has become a link. Restore it."
            )
        }
        state.withLock { _ = $0.unfinished.insert(stem) }
        return stem
    }

    /// Ends a recording; files that could not be finished get their final names as they are.
    func end(_ stem: String) {
        for type in Self.extensions { _ = UnfinishedOutput.recover("\(stem).partial.\(type)") }
        let paths = Self.extensions.map { "\(stem).\($0)" }
            .filter { FileManager.default.fileExists(atPath: $0) }
        let recording = Recording(
            time: Date().timeIntervalSince1970, paths: paths,
            bytes: paths.reduce(0) { $0 + Self.size($1) })
        state.withLock { state in
            state.unfinished.remove(stem)
            if state.scannedAt != nil && !paths.isEmpty { state.finished.append(recording) }
        }
    }

    private func stem(of name: RecordingName) -> String { "\(path)/\(name.camera)/\(name.stem)" }

    /// True when the smaller of 5 % of the disk and 256 MB is free, so that recording may resume.
    var hasSpace: Bool {
        guard let facts = try? FileManager.default.attributesOfFileSystem(forPath: path),
            let free = facts[.systemFreeSize] as? Int, let size = facts[.systemSize] as? Int
        else { return true }
        return free >= min(size / 20, 256_000_000)
    }

    /// Removes recordings above the age limit, then the oldest above the size limit.
    ///
    /// Files that cannot be removed are skipped. While the wall clock has leapt, nothing counts as old.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970.
    ///   - uptime: Nanoseconds of the monotonic clock.
    func prune(now: Double, uptime: UInt64 = MonotonicClock.system.now) {
        guard keepFor != nil || keepSize != nil else { return }
        let keepFor = isSteady(now, uptime) ? keepFor : nil
        let scannedAt = state.withLock { $0.scannedAt }
        let isTooMuch = keepSize.map { total > $0 } ?? false
        if scannedAt.map({ isTooMuch && now - $0 > Self.scanInterval }) ?? true { scan(now) }
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

    /// False while wall and monotonic clock disagree, which may make all recordings seem old.
    private func isSteady(_ now: Double, _ uptime: UInt64) -> Bool {
        let verdict = state.withLock { $0.clock.judge(wall: now, uptime: Double(uptime) / 1e9) }
        if let message = verdict.message, keepFor != nil { console.error(message) }
        return verdict.isSteady
    }

    /// Bytes of all recordings, unfinished ones included.
    var total: Int {
        let (finished, unfinished) = state.withLock { ($0.finished, $0.unfinished) }
        let grown = unfinished.reduce(0) { sum, stem in
            sum + Self.extensions.reduce(0) { $0 + Self.size("\(stem).partial.\($1)") }
        }
        return finished.reduce(grown) { $0 + $1.bytes }
    }

    private func remove(_ recording: Recording) -> Bool {
        for path in recording.paths {
            let parts = path.split(separator: "/").suffix(2).map(String.init)
            do throws(VideoError) {
                try RealFolder("\(self.path)/\(parts[0])")?.remove(parts[1])
            } catch {
                let isNew = state.withLock { state in
                    defer { state.hasWarned = true }
                    return !state.hasWarned
                }
                if isNew { console.error(error.message) }
                return false
            }
        }
        return true
    }

    /// Reads the folder: other programs, and people, may have removed files.
    private func scan(_ now: Double) {
        state.withLock { state in
            var found: [String: Recording] = [:]
            for (file, name, bytes) in files() {
                let stem = stem(of: name)
                guard !state.unfinished.contains(stem), let time = name.time else { continue }
                found[stem, default: Recording(time: time, paths: [], bytes: 0)].paths.append(file)
                found[stem]?.bytes += bytes
            }
            state.finished = found.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }
                .map(\.value)
            state.scannedAt = now
        }
    }

    /// All regular files with names of recordings in folders of cameras.
    private func files() -> [(path: String, name: RecordingName, bytes: Int)] {
        folder.names.filter(CameraDescription.isName).flatMap { camera in
            guard let real = RealFolder("\(path)/\(camera)") else {
                return [] as [(String, RecordingName, Int)]
            }
            return real.names.compactMap { file in
                guard let name = RecordingName(file: file, camera: camera),
                    let bytes = real.size(of: file)
                else { return nil }
                return ("\(path)/\(camera)/\(file)", name, bytes)
            }
        }
    }

    private static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}
