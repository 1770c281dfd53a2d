internal import Analytics
internal import Configuration
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// Writer of all cameras' counts, crossings and heat maps, on a thread of its own.
///
/// It takes them from the cameras once a second; no reader and no detector ever waits for a disk.
struct CountsWriter {
    private let cameras: [Camera]
    private let description: CountsDescription
    private let console: Console
    private var counts: EventFile?
    private var crossings: EventFile?
    private var lastHeat = Date()
    private var hasWarned = false

    /// Opens the files that a description names; lines are appended to existing ones.
    ///
    /// - Throws: A `RunError` when a file cannot be written.
    init(
        _ description: CountsDescription, cameras: [Camera], console: Console
    ) throws(RunError) {
        self.description = description
        self.cameras = cameras
        self.console = console
        counts = try Self.open(description.file, CountsText.countsHeader)
        crossings = try Self.open(description.crossings, CountsText.crossingsHeader)
    }

    private static func open(_ path: String?, _ header: String) throws(RunError) -> EventFile? {
        guard let path else { return nil }
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        var file = try EventFile(path)
        guard size ?? 0 == 0 else { return file }
        do {
            try file.append(header)
        } catch {
            throw RunError("Writing counts to \(path)", writing: error)
        }
        return file
    }

    /// Writes until `isOver`, and then the rest.
    mutating func run(waiting wait: () -> Void, isOver: () -> Bool) {
        while !isOver() {
            wait()
            // A crossing becomes known up to the tracker's memory after it happened.
            let before = Date().timeIntervalSince1970 - 3
            for camera in cameras { write(camera.takeCounts(before: before), of: camera) }
            if Date().timeIntervalSince(lastHeat) >= description.every { writeHeat() }
        }
        let end = Date().timeIntervalSince1970
        for camera in cameras { write(camera.finishCounts(at: end), of: camera) }
        writeHeat()
    }

    private mutating func write(
        _ taken: ([CountTable.Row], [CameraCounts.TimedCrossing]), of camera: Camera
    ) {
        let text = CountsText(camera.context.places, classNames: camera.context.classNames)
        let name = camera.description.name
        var rows = ""
        for row in taken.0 { rows += text.line(row, source: name, time: Self.time) }
        if let warning = Self.append(rows, to: &counts) { warn(warning) }
        var lines = ""
        for crossing in taken.1 {
            lines += text.line(
                crossing.event, classIndex: crossing.event.object.classIndex,
                time: Self.time(crossing.time), frame: nil, source: name)
        }
        if let warning = Self.append(lines, to: &crossings) { warn(warning) }
    }

    /// Appends to a file; returns a warning when it cannot be written.
    private static func append(_ text: String, to file: inout EventFile?) -> String? {
        guard !text.isEmpty, let path = file?.path else { return nil }
        do {
            try file?.append(text)
            return nil
        } catch {
            return "Writing counts to \(path): \(fileErrorReason(error))"
        }
    }

    private mutating func writeHeat() {
        lastHeat = Date()
        for camera in cameras {
            for path in description.heatMaps {
                let own = path.replacingOccurrences(of: "{name}", with: camera.description.name)
                do {
                    try camera.heat.write(to: own)
                } catch {
                    warn("Writing the heat map \(own): \(error)")
                }
            }
        }
    }

    private static func time(_ seconds: Double) -> String {
        EventRecord.text(Date(timeIntervalSince1970: seconds))
    }

    /// Warns once: a full disk would fill the log as well.
    private mutating func warn(_ message: String) {
        guard !hasWarned else { return }
        hasWarned = true
        console.error(message + " Cameras are still watched; counts go on in memory.")
    }
}
