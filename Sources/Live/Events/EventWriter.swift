internal import Foundation
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// What events are written to, opened.
struct EventFiles: Sendable {
    /// The file's path, for messages.
    let path: String?
    /// The file, at its end.
    let file: FileHandle?
    /// The pictures' folder.
    let folder: SnapshotFolder?

    /// Opens what a description names; lines are added to what a file holds already.
    ///
    /// - Throws: A `RunError` when a file or folder cannot be written.
    init(_ events: EventsDescription) throws(RunError) {
        path = events.file
        if let path = events.file { file = try Self.open(path) } else { file = nil }
        if let folder = events.snapshots {
            self.folder = try SnapshotFolder(folder, limit: events.snapshotLimit)
        } else {
            folder = nil
        }
    }

    private static func open(_ path: String) throws(RunError) -> FileHandle {
        if path == "-" { return .standardOutput }
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(fileURLWithPath: path))
            }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.seekToEnd()
            return file
        } catch {
            throw RunError(.notWritable, "Writing events to \(path): \(fileTrouble(error))")
        }
    }
}

/// Writes events down: a line, a snapshot, and the command that is run for it.
struct EventWriter: ~Copyable {
    private let files: EventFiles
    private var folder: SnapshotFolder?
    private let command: EventCommand?
    private let console: Console
    private var encoder = JPEGEncoder(widthLimit: 1280)
    private var hands: [Int: Hand] = [:]
    private var hasComplained = false

    /// The drawing hand of a camera.
    private final class Hand {
        var overlay: OverlayRenderer

        init(_ settings: AnalyseSettings) throws(RunError) { overlay = try settings.makeOverlay() }
    }

    init(_ files: EventFiles, command: EventCommand?, console: Console) {
        self.files = files
        folder = files.folder
        self.command = command
        self.console = console
    }

    /// Writes one event down and returns it as it was written.
    mutating func write(_ note: consuming EventNote) -> EventRecord {
        var note = note
        var record = note.record
        if folder != nil, var frame = note.frame.take() {
            let name = record.snapshotName
            do {
                try draw(record.event.object, on: &frame, of: note.camera)
                try folder?.write(try encoder.encode(frame), as: name)
                record.snapshot = name
            } catch {
                complain("Writing the snapshot \(name): \(error)")
            }
        }
        let line = record.line
        do {
            try files.file?.write(contentsOf: Data(line.utf8))
        } catch {
            complain("Writing events to \(files.path ?? ""): \(fileTrouble(error))")
        }
        command?.run(line)
        return record
    }

    private mutating func draw(
        _ object: TrackedObject, on frame: inout Frame, of camera: Camera
    ) throws {
        if hands[camera.seat] == nil { hands[camera.seat] = try Hand(camera.settings) }
        guard let hand = hands[camera.seat] else { return }
        try frame.withMutablePicture { picture in
            hand.overlay.draw([object], on: &picture)
        }
    }

    /// A full disk would fill the log as well: trouble is said once.
    private mutating func complain(_ sentence: String) {
        guard !hasComplained else { return }
        hasComplained = true
        console.complain(sentence + " Watching goes on; later trouble with events is only counted.")
    }
}
