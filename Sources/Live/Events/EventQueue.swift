internal import Analytics
internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// Event on its way to be written, with its frame where a snapshot is wanted.
struct PendingEvent: ~Copyable, Sendable {
    var record: EventRecord
    let camera: Camera
    var frame: Frame?
}

extension Camera {
    /// Record of an event, whose clip is a path without extension.
    fileprivate func makeRecord(
        of event: ObjectEvent, at time: Date, clip: String?
    ) -> EventRecord {
        EventRecord(
            camera: description.name, event: event,
            className: context.classNames[event.object.classIndex],
            text: EventText(context.places), time: time, clip: clip)
    }

    /// Requests a clip when the event asks for one; returns its path.
    fileprivate func requestClip(for event: ObjectEvent) -> String? { recorder?.note(event) }
}

/// Queue of events to the thread that writes them, with their counts and the most recent ones.
///
/// Posting never waits. Under pressure frames are left out first, since lines are small; what is
/// lost is counted.
final class EventQueue: Sendable {
    /// Largest number of waiting events.
    static let countLimit = 1024
    /// Largest memory of their frames in bytes.
    static let frameLimit = 64 << 20

    /// Events by outcome.
    struct Counts: Sendable, Hashable {
        var written = 0
        /// Events whose line or snapshot could not be written.
        var refused = 0
        /// Events that did not fit into the queue.
        var lost = 0
        var withoutFrame = 0
    }

    private struct State: Sendable {
        var counts = Counts()
        var recent: [EventRecord] = []
    }

    private static let recentLimit = 200

    /// Kinds of events whose frame is kept for a snapshot.
    private let kindsWithFrames: Set<ObjectEvent.Kind>
    private let state = Lock(State())
    private let queue = BoundedQueue<PendingEvent>(
        limit: EventQueue.frameLimit, maximumCount: EventQueue.countLimit)

    /// Creates an empty queue; one that wants frames keeps those of some kinds of events.
    init(wantsFrames: Bool, of kinds: Set<ObjectEvent.Kind> = SnapshotFolder.kinds) {
        kindsWithFrames = wantsFrames ? kinds : []
    }

    /// Events so far.
    var counts: Counts { state.withLock { $0.counts } }

    /// Warnings for the end of a run.
    var warnings: [String] {
        let counts = counts
        return [
            (counts.refused, "could not be written"), (counts.lost, "came too fast and were lost"),
            (counts.withoutFrame, "have no snapshot, since too many waited"),
        ].filter { $0.0 > 0 }.map { "Events: \($0.0) \($0.1)." }
    }

    /// Most recent events, newest first.
    var recent: [EventRecord] { state.withLock { $0.recent.reversed() } }

    /// Posts an event of a frame.
    func post(_ event: ObjectEvent, of camera: Camera, in frame: borrowing Frame) {
        // A crossing or a visit is known some time after it happened.
        let delay = event.place == nil ? 0 : event.delay
        let time = Date(arrival: frame.arrival) - delay
        var pending = PendingEvent(
            record: camera.makeRecord(
                of: event, at: time, clip: camera.requestClip(for: event)), camera: camera)
        pending.record.cameraTime = frame.wallClock.map { Date(timeIntervalSince1970: $0 - delay) }
        if kindsWithFrames.contains(event.kind) { pending.frame = try? frame.shared() }
        post(pending)
    }

    /// Posts an event between frames.
    func post(_ event: ObjectEvent, of camera: Camera) {
        let clip = camera.requestClip(for: event)
        post(
            PendingEvent(
                record: camera.makeRecord(of: event, at: Date(), clip: clip), camera: camera))
    }

    private func post(_ pending: consuming PendingEvent) {
        let bytes = pending.frame?.byteCount ?? 0
        switch queue.offer(pending, cost: bytes) {
        case .accepted: return
        case .full(var rest):
            if rest.frame.take() != nil, case .accepted = queue.offer(rest, cost: 0) {
                return state.withLock { $0.counts.withoutFrame += 1 }
            }
        case .closed: break
        }
        state.withLock { $0.counts.lost += 1 }
    }

    /// Refuses further events; ``run(_:)`` writes those that wait and returns.
    func close() { queue.close() }

    /// Writes events until the queue is closed.
    func run(_ writer: inout EventWriter) {
        while let pending = queue.take() {
            let (record, isWritten) = writer.write(pending)
            state.withLock { state in
                if isWritten { state.counts.written += 1 } else { state.counts.refused += 1 }
                state.recent.append(record)
                if state.recent.count > Self.recentLimit { state.recent.removeFirst() }
            }
        }
    }
}
