internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Video

/// A recorder's dealings with the disk: files begun and finished, what reached it, and trouble with it.
///
/// One thread owns it.
final class RecorderDisk {
    /// Why files cannot be written at present.
    private struct Trouble {
        let error: RunError
        var retryAt: UInt64
    }

    private let recorder: Recorder
    private let console: Console
    private var trouble: Trouble?
    private var saidLost = (count: 0, at: UInt64(0))

    /// Nanoseconds after which writing is tried again, and after which a full disk is looked at again.
    private static let pauses: (other: UInt64, full: UInt64) = (10_000_000_000, 1_000_000_000)
    /// Nanoseconds between two sentences about what is missing.
    private static let silence: UInt64 = 60_000_000_000

    init(_ recorder: Recorder, console: Console) {
        self.recorder = recorder
        self.console = console
    }

    /// Whether writing may be tried: after trouble only now and then, and on a full disk only when there is room.
    var mayWrite: Bool {
        guard let trouble else { return true }
        guard MonotonicClock.system.now >= trouble.retryAt else { return false }
        return trouble.error.reason != .diskFull || recorder.folder.hasRoom
    }

    /// Begins a file of packets, the first of which is a key picture's.
    func begin(
        _ name: RecordingName, of source: SourceDescription, with packet: borrowing Packet,
        isBesideResults: Bool
    ) throws(RunError) -> Segment {
        let stem = recorder.folder.begin(name)
        let sound = recorder.record.audio
        do throws(RunError) {
            let results = try isBesideResults ? results(stem) : nil
            return try Segment(
                "\(stem).\(PacketWriter.ending(for: source, sound: sound))", of: source,
                beginningWith: packet, sound: sound, results: results,
                metadata: metadata(at: packet.arrival))
        } catch {
            recorder.folder.end(stem)
            throw error
        }
    }

    /// Begins a file of pictures that are encoded.
    func begin(
        _ name: RecordingName, of source: SourceDescription, with frame: borrowing Frame
    ) throws(RunError) -> Segment {
        let stem = recorder.folder.begin(name)
        do throws(RunError) {
            return try Segment(
                stem + ".mp4", of: source, beginningWith: frame, sound: recorder.record.audio,
                metadata: metadata(at: frame.arrival))
        } catch {
            recorder.folder.end(stem)
            throw error
        }
    }

    private func results(_ stem: String) throws(RunError) -> ResultsFile {
        try ResultsFile(
            path: stem + ".ndjson", overwrite: false, classNames: recorder.settings.classNames)
    }

    private func metadata(at arrival: UInt64) -> [String: String] {
        [
            "creation_time": EventRecord.text(Self.time(of: arrival)),
            "title": recorder.camera.name,
        ]
    }

    /// The name of a file that begins with what came at a moment.
    func name(at arrival: UInt64) -> RecordingName {
        RecordingName(camera: recorder.camera.name, at: Self.time(of: arrival), isClip: false)
    }

    private static func time(of arrival: UInt64) -> Date {
        let now = MonotonicClock.system.now
        return Date(timeIntervalSinceNow: now > arrival ? -Double(now - arrival) / 1e9 : 0)
    }

    /// Finishes a file; plain ones are written a second time.
    func finish(_ segment: Segment, plain: Bool = false) throws(RunError) {
        defer { recorder.folder.end(segment.stem) }
        try segment.finish(plain: plain)
        note(segment)
        recorder.update { $0.files += 1 }
    }

    /// Counts what reached the disk, which ends any trouble.
    func note(_ segment: Segment) {
        let grown = segment.takeGrowth()
        guard grown > 0 || trouble == nil else { return }
        if trouble != nil { console.info("\(recorder.camera.name): recording goes on") }
        trouble = nil
        recorder.update { status in
            status.bytes += grown
            status.state = .recording
            status.reason = nil
            status.isFull = false
        }
    }

    /// Something could not be written: files that were let go keep what they have, and it is said, once.
    func stop(_ error: RunError, leaving stems: [String]) {
        stems.forEach(recorder.folder.end)
        let isNew = trouble?.error.reason != error.reason
        let isFull = error.reason == .diskFull
        let pause = isFull ? Self.pauses.full : Self.pauses.other
        trouble = Trouble(error: error, retryAt: MonotonicClock.system.now + pause)
        recorder.update { status in
            status.state = .stopped
            status.reason = error.message
            status.isFull = isFull
        }
        guard isNew else { return }
        console.error(
            "\(recorder.camera.name): recording stops, watching goes on. \(error.message) "
                + (isFull ? "It goes on when there is room." : "It is tried again."))
    }

    /// Says what is missing because writing could not keep up; a slow disk would fill the log as well, so now and
    /// then.
    func sayWhatIsLost() {
        let lost = recorder.status.lost
        let now = MonotonicClock.system.now
        guard lost > saidLost.count, saidLost.at == 0 || now > saidLost.at + Self.silence else {
            return
        }
        console.error(
            "\(recorder.camera.name): recording cannot keep up; "
                + "\(lost - saidLost.count) packets or pictures are missing.")
        saidLost = (lost, now)
    }
}
