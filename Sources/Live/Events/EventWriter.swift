internal import Configuration
internal import Foundation
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// What events are written to, opened.
struct EventFiles: Sendable {
    /// The file of lines.
    let file: LineFile?
    /// The pictures' folder.
    let folder: SnapshotFolder?

    /// Opens what a description names; lines are added to what a file holds already.
    ///
    /// - Throws: A `RunError` when a file or folder cannot be written.
    init(_ events: EventsDescription) throws(RunError) {
        if let path = events.file { file = try LineFile(path) } else { file = nil }
        if let folder = events.snapshots {
            self.folder = try SnapshotFolder(folder, limit: events.snapshotLimit)
        } else {
            folder = nil
        }
    }

}

/// Writes events down: a line, a snapshot, and the command that is run for it.
struct EventWriter: ~Copyable {
    private var file: LineFile?
    private var folder: SnapshotFolder?
    private let command: EventCommand?
    private let console: Console
    private var encoder = JPEGEncoder(widthLimit: 1280)
    private var hands: [Int: Hand] = [:]
    private var hasComplained = false

    /// The drawing hand of a camera.
    private final class Hand {
        var overlay: OverlayRenderer

        init(_ settings: DetectionContext) throws(RunError) { overlay = try settings.makeOverlay() }
    }

    init(_ files: EventFiles, command: EventCommand?, console: Console) {
        file = files.file
        folder = files.folder
        self.command = command
        self.console = console
    }

    /// Writes one event down and returns it as it was written, and whether all of it could be.
    mutating func write(_ note: consuming PendingEvent) -> (EventRecord, isWritten: Bool) {
        var note = note
        var (record, isWritten) = (note.record, true)
        if folder != nil, var frame = note.frame.take() {
            let name = record.snapshotName
            do {
                try draw(record.event.object, on: &frame, of: note.camera)
                try folder?.write(try encoder.encode(frame), as: name)
                record.snapshot = name
            } catch {
                isWritten = false
                complain("Writing the snapshot \(name): \(fileErrorReason(error))")
            }
        }
        let line = record.line
        do {
            try file?.add(line)
        } catch {
            isWritten = false
            complain("Writing events to \(file?.path ?? ""): \(fileErrorReason(error))")
        }
        command?.run(line)
        return (record, isWritten)
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
        console.error(sentence + " Watching goes on; later trouble with events is only counted.")
    }
}
