internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Video

/// Disk side of a recorder: begins and finishes files, counts bytes, and handles write errors.
///
/// One thread owns it.
final class RecorderDisk {
    /// Error that prevents writing at present.
    private struct WriteFailure {
        let error: RunError
        var retryAt: UInt64
    }

    private let recorder: Recorder
    private let console: Console
    private var failure: WriteFailure?
    private var reportedLosses = (count: 0, at: UInt64(0))

    /// Nanoseconds until the next attempt, after other errors and after a full disk.
    private static let retryDelays: (other: UInt64, full: UInt64) = (10_000_000_000, 1_000_000_000)
    /// Nanoseconds between two warnings about losses.
    private static let warningInterval: UInt64 = 60_000_000_000

    init(_ recorder: Recorder, console: Console) {
        self.recorder = recorder
        self.console = console
    }

    /// True when writing may be tried: after an error only at intervals, and on a full disk only when
    /// there is space again.
    var mayWrite: Bool {
        guard let failure else { return true }
        guard MonotonicClock.system.now >= failure.retryAt else { return false }
        return failure.error.reason != .diskFull || recorder.folder.hasSpace
    }

    /// Begins a file of packets, the first of which is a key frame.
    func begin(
        _ name: RecordingName, of source: SourceDescription, with packet: borrowing Packet,
        hasResults: Bool
    ) throws(RunError) -> Segment {
        let stem = try recorder.folder.begin(name)
        let audio = recorder.record.audio
        do throws(RunError) {
            let results = try hasResults ? results(stem) : nil
            return try Segment(
                "\(stem).\(PacketWriter.fileExtension(for: source, audio: audio))", of: source,
                beginningWith: packet, audio: audio, results: results,
                metadata: metadata(at: packet.arrival))
        } catch {
            recorder.folder.end(stem)
            throw error
        }
    }

    /// Begins a file of encoded frames.
    func begin(
        _ name: RecordingName, of source: SourceDescription, with frame: borrowing Frame
    ) throws(RunError) -> Segment {
        let stem = try recorder.folder.begin(name)
        do throws(RunError) {
            return try Segment(
                stem + ".mp4", of: source, beginningWith: frame, audio: recorder.record.audio,
                metadata: metadata(at: frame.arrival))
        } catch {
            recorder.folder.end(stem)
            throw error
        }
    }

    private func results(_ stem: String) throws(RunError) -> ResultsFile {
        try ResultsFile(
            path: stem + ".ndjson", overwrite: false, classNames: recorder.settings.classNames,
            zoneNames: recorder.settings.places.zoneNames, mode: .guarded)
    }

    private func metadata(at arrival: UInt64) -> [String: String] {
        [
            "creation_time": EventRecord.text(Self.time(of: arrival)),
            "title": recorder.camera.name,
        ]
    }

    /// Name of a file whose first packet arrived at `arrival`, in nanoseconds of the monotonic clock.
    func name(at arrival: UInt64) -> RecordingName {
        RecordingName(camera: recorder.camera.name, at: Self.time(of: arrival), isClip: false)
    }

    private static func time(of arrival: UInt64) -> Date {
        let now = MonotonicClock.system.now
        return Date(timeIntervalSinceNow: now > arrival ? -Double(now - arrival) / 1e9 : 0)
    }

    /// Finishes a file; a plain one is rewritten with its index in front.
    func finish(_ segment: Segment, plain: Bool = false) throws(RunError) {
        defer { recorder.folder.end(segment.stem) }
        try segment.finish(plain: plain)
        note(segment)
        recorder.update { $0.files += 1 }
    }

    /// Counts bytes that reached the disk, which ends any failure.
    func note(_ segment: Segment) {
        let grown = segment.takeNewBytes()
        guard grown > 0 || failure == nil else { return }
        if failure != nil { console.info("\(recorder.camera.name): recording resumes") }
        failure = nil
        recorder.update { status in
            status.bytes += grown
            status.state = .recording
            status.reason = nil
            status.isFull = false
        }
    }

    /// Stops recording after a write error and warns once; the given files keep what they have.
    func stop(_ error: RunError, leaving stems: [String]) {
        stems.forEach(recorder.folder.end)
        let isNew = failure?.error.reason != error.reason
        let isFull = error.reason == .diskFull
        let delay = isFull ? Self.retryDelays.full : Self.retryDelays.other
        failure = WriteFailure(error: error, retryAt: MonotonicClock.system.now + delay)
        recorder.update { status in
            status.state = .stopped
            status.reason = error.message
            status.isFull = isFull
        }
        guard isNew else { return }
        console.error(
            "\(recorder.camera.name): recording stops, the camera is still watched. \(error.message) "
                + (isFull ? "Recording resumes when there is space." : "Recording is tried again."))
    }

    /// Warns about losses because writing cannot keep up, at intervals: a slow disk would fill the log.
    func warnAboutLosses() {
        let lost = recorder.status.lost
        let now = MonotonicClock.system.now
        guard lost > reportedLosses.count,
            reportedLosses.at == 0 || now > reportedLosses.at + Self.warningInterval
        else {
            return
        }
        console.error(
            "\(recorder.camera.name): recording cannot keep up; "
                + "\(lost - reportedLosses.count) packets or frames are lost.")
        reportedLosses = (lost, now)
    }
}
