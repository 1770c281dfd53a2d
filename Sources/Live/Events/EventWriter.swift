internal import Analytics
internal import Configuration
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// Open outputs of events.
struct EventOutputs: Sendable {
    /// File of NDJSON lines.
    let file: EventFile?
    /// Folder of snapshots.
    let folder: SnapshotFolder?

    /// Opens the outputs that a description names; lines are appended to an existing file.
    ///
    /// - Throws: A `RunError` when a file or folder cannot be written.
    init(_ events: EventsDescription) throws(RunError) {
        if let path = events.file { file = try EventFile(path) } else { file = nil }
        if let folder = events.snapshots {
            self.folder = try SnapshotFolder(folder, limit: events.snapshotLimit)
        } else {
            folder = nil
        }
    }
}

/// Writes events: a line, a snapshot, and the command that each starts.
struct EventWriter: ~Copyable {
    private var file: EventFile?
    private var folder: SnapshotFolder?
    private let command: EventCommand?
    private let console: Console
    private var renderers: [Int: JPEGRenderer] = [:]
    private var hasWarned = false
    /// Relay to a broker and webhooks; nil without any.
    var relay: EventRelay?

    init(_ outputs: EventOutputs, command: EventCommand?, console: Console) {
        file = outputs.file
        folder = outputs.folder
        self.command = command
        self.console = console
    }

    /// Writes one event; returns it as written, and whether all of it could be.
    mutating func write(_ pending: consuming PendingEvent) -> (EventRecord, isWritten: Bool) {
        var pending = pending
        var (record, isWritten) = (pending.record, true)
        relay?.publishSnapshot(of: pending)
        if folder != nil, SnapshotFolder.kinds.contains(record.event.kind),
            let frame = pending.frame.take()
        {
            let name = record.snapshotName
            do {
                let image = try jpeg(of: frame, with: record.event.object, of: pending.camera)
                try folder?.write(image, as: name)
                record.snapshot = name
            } catch {
                isWritten = false
                warn(message(of: error, "Writing the snapshot \(name)"))
            }
        }
        let line = record.line
        do {
            try file?.append(line)
        } catch {
            isWritten = false
            warn(message(of: error, "Writing events to \(file?.path ?? "")"))
        }
        command?.run(line)
        relay?.publish(record, line)
        return (record, isWritten)
    }

    private func message(of error: any Error, _ doing: String) -> String {
        (error as? VideoError)?.message ?? "\(doing): \(fileErrorReason(error))"
    }

    private mutating func jpeg(
        of frame: consuming Frame, with object: TrackedObject, of camera: Camera
    ) throws -> [UInt8] {
        let renderer =
            try renderers[camera.index] ?? JPEGRenderer(camera.context, widthLimit: 1280)
        renderers[camera.index] = renderer
        return try renderer.jpeg(of: frame, with: [object])
    }

    /// Warns once: a full disk would fill the log as well.
    private mutating func warn(_ message: String) {
        guard !hasWarned else { return }
        hasWarned = true
        console.error(
            message + " Cameras are still watched; further errors with events are only counted.")
    }
}
