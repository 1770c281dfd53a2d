import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// Run over pretended cameras, recorded into a folder.
final class RecordedRun: Sendable {
    let scratch: Scratch
    let run: LiveRun
    private let printed = Lock<[String]>([])
    private let stop = StopSignal()

    /// Lines printed so far.
    var printedLines: [String] { printed.withLock { $0 } }
    /// Status of the first camera's recording.
    var status: RecordingStatus { run.statuses[0].recording }

    /// Creates a run over cameras for some seconds, with changes to its description.
    init(
        _ sources: [String], for seconds: Double, into folder: Scratch? = nil,
        _ change: (inout LiveDescription) throws -> Void = { _ in }
    ) throws {
        scratch = try folder ?? Scratch()
        var description = LiveDescription()
        description.duration = seconds
        description.model.inputSize = PictureSize(width: 320, height: 192)
        description.connection.open = 3
        description.connection.firstFrame = 3
        description.connection.silence = 1
        description.record.folder = scratch.path("rec")
        try description.set("cameras", to: sources)
        try change(&description)
        let printed = printed
        let console = Console(isQuiet: false, isTerminal: false) { line in
            printed.withLock { $0.append(line) }
        }
        run = try LiveRun(description, console: console, stop: stop)
    }

    /// Runs until `meanwhile` returns.
    @discardableResult
    func watch(_ meanwhile: () throws -> Void) throws -> LiveReport {
        let run = run
        let worker = try Worker<LiveReport, Never>(name: "run") { run.run() }
        defer {
            stop.ask()
            _ = worker.join()
        }
        try meanwhile()
        stop.ask()
        return worker.join()
    }

    /// Waits until a condition holds; records an issue when it never does.
    func wait(
        _ seconds: Double = 20, until holds: () -> Bool,
        _ place: SourceLocation = #_sourceLocation
    ) {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            if holds() { return }
            usleep(20_000)
        }
        Issue.record("the condition never held: \(printedLines)", sourceLocation: place)
    }

    /// Paths of a camera's files with an extension, oldest first.
    func files(_ camera: String = "gate", _ ending: String = "mp4") -> [String] {
        let folder = scratch.path("rec/\(camera)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix("." + ending) }.sorted().map { folder + "/" + $0 }
    }
}

extension AnnexB {
    /// Access units of a recording, from its packets unchanged.
    static func recorded(_ path: String) throws -> AnnexB {
        let scratch = try Scratch()
        let stream = scratch.path("out.h264")
        let ended = try Command(["ffmpeg", "-v", "error"]).run([
            "-i", path, "-map", "0:v", "-c", "copy", "-f", "h264", stream,
        ])
        #expect(ended.status == 0 && ended.standardError.isEmpty, "\(path): \(ended.standardError)")
        return try AnnexB(stream)
    }

    /// Slice units of each picture, in order.
    var slices: [[Data]] {
        frames.map { frame in frame.units.filter { [1, 5].contains(($0.first ?? 0) & 0x1F) } }
    }
}
