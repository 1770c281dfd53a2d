internal import Configuration
internal import Flow
internal import Foundation
internal import Glibc
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// An event on its way to be written down, with its picture where it has one.
struct PendingEvent: ~Copyable, Sendable {
    var record: EventRecord
    let camera: Camera
    var frame: Frame?
}

extension Camera {
    fileprivate func record(of event: ObjectEvent, at time: Date) -> EventRecord {
        EventRecord(
            camera: description.name, event: event,
            className: settings.classNames[event.object.classIndex], time: time,
            clip: recording?.note(event))
    }
}

/// Writes events down on a thread of its own: lines, snapshots, and the command that each starts.
///
/// Whoever posts never waits. What does not fit is counted: first pictures go, since lines are small.
final class EventLog: Sendable {
    /// Notes that may wait.
    static let noteLimit = 1024
    /// Bytes of pictures that may wait with them.
    static let pictureLimit = 64 << 20

    /// Lines written, and what had to be given up.
    struct Counts: Sendable, Hashable {
        var written = 0
        /// The disk refused the line or its picture.
        var refused = 0
        /// Too many waited.
        var lost = 0
        var withoutPicture = 0
    }

    private struct State: Sendable {
        var waiting: [TransferBox<PendingEvent>] = []
        var pictureBytes = 0
        var isClosed = false
        var counts = Counts()
        var recent: [EventRecord] = []
    }

    private static let recentLimit = 200

    private let wantsPictures: Bool
    private let state = Lock(State())
    private let bell = Parker(spins: 0)

    /// A desk without events.
    init(wantsPictures: Bool) { self.wantsPictures = wantsPictures }

    /// What became of the events so far.
    var counts: Counts { state.withLock { $0.counts } }

    /// What has gone wrong, in sentences for the end of a run.
    var troubles: [String] {
        let counts = counts
        return [
            (counts.refused, "could not be written down"), (counts.lost, "came too fast"),
            (counts.withoutPicture, "have no picture, since too many waited"),
        ].filter { $0.0 > 0 }.map { "Events: \($0.0) \($0.1)." }
    }

    /// The latest events, newest first.
    var recent: [EventRecord] { state.withLock { $0.recent.reversed() } }

    /// Hands over what happened in a picture.
    func post(_ event: ObjectEvent, of camera: Camera, in frame: borrowing Frame) {
        let now = MonotonicClock.system.now
        let age = now > frame.arrival ? Double(now - frame.arrival) / 1e9 : 0
        var note = PendingEvent(
            record: camera.record(of: event, at: Date(timeIntervalSinceNow: -age)), camera: camera)
        note.record.cameraTime = frame.wallClock.map { Date(timeIntervalSince1970: $0) }
        // An end is known long after its last picture.
        if wantsPictures && event.kind != .end { note.frame = try? frame.shared() }
        post(note)
    }

    /// Hands over what happened between pictures.
    func post(_ event: ObjectEvent, of camera: Camera) {
        post(PendingEvent(record: camera.record(of: event, at: Date()), camera: camera))
    }

    private func post(_ note: consuming PendingEvent) {
        var note = note
        var bytes = note.frame?.byteCount ?? 0
        let mayKeepPicture = state.withLock { state in
            // One picture fits, however large it is.
            guard state.pictureBytes == 0 || state.pictureBytes + bytes <= Self.pictureLimit else {
                state.counts.withoutPicture += 1
                return false
            }
            state.pictureBytes += bytes
            return true
        }
        if !mayKeepPicture {
            note.frame = nil
            bytes = 0
        }
        let box = TransferBox(note)
        state.withLock { state in
            guard state.waiting.count < Self.noteLimit, !state.isClosed else {
                state.counts.lost += 1
                state.pictureBytes -= bytes
                return
            }
            state.waiting.append(box)
        }
        bell.wake()
    }

    /// No more will come; ``run(_:)`` writes what waits and returns.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.wake()
    }

    /// What the thread does: writes notes down until the desk is closed.
    func run(_ writer: inout EventWriter) {
        while true {
            bell.wait { state.withLock { !$0.waiting.isEmpty || $0.isClosed } }
            let notes = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
            for note in notes { write(note.take(), &writer) }
            if notes.isEmpty && state.withLock({ $0.isClosed && $0.waiting.isEmpty }) { return }
        }
    }

    private func write(_ note: consuming PendingEvent, _ writer: inout EventWriter) {
        let bytes = note.frame?.byteCount ?? 0
        let (record, isWritten) = writer.write(note)
        state.withLock { state in
            state.pictureBytes -= bytes
            if isWritten { state.counts.written += 1 } else { state.counts.refused += 1 }
            state.recent.append(record)
            if state.recent.count > Self.recentLimit { state.recent.removeFirst() }
        }
    }
}
