internal import Analytics
internal import Configuration
internal import Flow
internal import Foundation
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// Frame that waits for a detector.
struct PendingFrame: ~Copyable, Sendable {
    let frame: Frame
    /// Timestamp in seconds on the clock of its connection.
    let time: Double
    /// Number of its connection.
    let connection: Int
}

/// State of one camera, shared by all threads of a run.
///
/// The camera's reader predicts the tracks for every frame at once. Detections come later and belong
/// to an earlier frame. Two trackers are kept therefore: one at the last detections, and a copy of it
/// predicted to the newest frame. Detections update the first, which then replaces the second.
final class Camera: Sendable {
    let description: CameraDescription
    let context: DetectionContext
    /// Index in the run, and in its schedulers.
    let index: Int
    let ledger = FrameLedger()
    let stepTimes = StepRecorder()
    /// Newest drawn frame, for the page.
    let preview = LatestPreview()
    /// Recorder; nil when the camera is not recorded.
    let recorder: Recorder?
    /// Times from a packet's arrival to the detections in its frame.
    let detectionLatency = Lock(LatencyRecorder())
    private let tracking: Lock<Tracking>
    private let state: Lock<State>

    private struct Tracking {
        var detected: Tracker
        var predicted: Tracker
        var events: SceneEvents
        var counts: CameraCounts
        var wantsHeat: Bool
        /// First frame, on which the heat map is drawn.
        var background: SharedFrame?
        var connection = 0
        /// Seconds of the present outage that the events have taken into account.
        var outage = 0.0
    }

    private struct State {
        var status: CameraStatus
        /// Arrival of the newest frame's packet, in nanoseconds.
        var newestArrival: UInt64?
        var rates = RateWindow()
    }

    /// Creates a camera that is not connected yet.
    ///
    /// - Parameters:
    ///   - description: Camera as the user describes it.
    ///   - context: Model, classes and tracker.
    ///   - eventClasses: For each class, whether its objects make events.
    ///   - index: Index in the run.
    ///   - counts: Intervals of counts, and heat maps.
    ///   - recorder: Recorder, where the camera is recorded.
    init(
        _ description: CameraDescription, _ context: DetectionContext, eventClasses: [Bool],
        index: Int, counts: CountsDescription = CountsDescription(), recorder: Recorder? = nil
    ) {
        self.description = description
        self.context = context
        self.index = index
        self.recorder = recorder
        let tracker = Tracker(options: context.trackerOptions)
        let events = context.places.makeEvents(
            isChosen: eventClasses, memory: context.trackerOptions.memoryTime)
        tracking = Lock(
            Tracking(
                detected: tracker, predicted: tracker, events: events,
                counts: CameraCounts(context, every: counts.every),
                wantsHeat: !counts.heatMaps.isEmpty))
        state = Lock(
            State(
                status: CameraStatus(
                    name: description.name, source: redacted(description.source))))
    }

    /// Changes the reported status.
    func update(_ change: (inout CameraStatus) -> Void) { state.withLock { change(&$0.status) } }

    /// Snapshot of the camera's status.
    var status: CameraStatus {
        let now = MonotonicClock.system.now
        let (objects, counting) = tracking.withLock {
            ($0.predicted.objects, $0.counts.status)
        }
        return state.withLock { state in
            var status = state.status
            status.counts = ledger.counts
            status.age = state.newestArrival.map { now > $0 ? Double(now - $0) / 1e9 : 0 }
            status.objectCount = objects.count
            status.objectsByClass = objects.reduce(into: [:]) { counts, object in
                counts[context.classNames[object.classIndex], default: 0] += 1
            }
            status.counting = counting
            (status.frameRate, status.detectRate) = state.rates.rates
            status.recording = recorder?.status ?? RecordingStatus()
            return status
        }
    }

    /// Takes a sample for the rates; called once a second.
    func sample() {
        let counts = ledger.counts
        let now = MonotonicClock.system.now
        state.withLock {
            $0.rates.add(decoded: counts.decoded, detected: counts.detected, at: now)
        }
    }

    /// Advances an outage to a length in seconds; returns the events that it causes.
    func advanceOutage(to seconds: Double) -> [ObjectEvent] {
        tracking.withLock { tracking in
            let more = max(seconds - tracking.outage, 0)
            tracking.outage += more
            guard tracking.connection > 0 else { return [] }
            let events = tracking.events.gap(seconds: more)
            tracking.counts.add(events, tracking.events, at: Date().timeIntervalSince1970)
            return events
        }
    }

    /// Begins a connection after an outage in seconds; returns its number and the outage's events.
    func connect(after seconds: Double) -> (connection: Int, events: [ObjectEvent]) {
        let events = advanceOutage(to: seconds)
        return tracking.withLock { tracking in
            if tracking.connection > 0 { tracking.detected.gap(seconds: seconds) }
            tracking.predicted = tracking.detected
            tracking.connection += 1
            tracking.outage = 0
            return (tracking.connection, events)
        }
    }

    /// Ends the run; returns its last events.
    func finish() -> [ObjectEvent] {
        tracking.withLock { tracking in
            let events = tracking.events.finish()
            tracking.counts.add(events, tracking.events, at: Date().timeIntervalSince1970)
            return events
        }
    }

    /// Predicts the tracks for a frame of the present connection.
    func predict(at seconds: Double, arrival: UInt64) -> [TrackedObject] {
        state.withLock { $0.newestArrival = arrival }
        return tracking.withLock { tracking in
            tracking.predicted.predict(at: seconds)
            var objects = tracking.predicted.objects
            tracking.events.mark(&objects)
            return objects
        }
    }

    /// Updates the tracks with detections and returns the events that they cause.
    ///
    /// - Returns: nil when the frame's connection is gone, since its clock means nothing now.
    func update(
        with detections: [Detection], in pending: borrowing PendingFrame
    ) -> [ObjectEvent]? {
        let frame = (width: pending.frame.width, height: pending.frame.height)
        let isCorrupt = pending.frame.isCorrupt
        let (time, connection) = (pending.time, pending.connection)
        let arrival = Date(arrival: pending.frame.arrival).timeIntervalSince1970
        let first = firstFrame(pending.frame)
        return tracking.withLock { tracking in
            guard connection == tracking.connection else { return nil }
            tracking.detected.update(
                detections, at: time, frameWidth: frame.width, frameHeight: frame.height,
                mayStartTracks: !isCorrupt)
            tracking.predicted = tracking.detected
            tracking.background = tracking.background ?? first
            let objects = tracking.detected.objects
            let events = tracking.events.update(
                objects, at: time, frameWidth: frame.width, frameHeight: frame.height)
            tracking.counts.add(events, tracking.events, at: arrival)
            if tracking.wantsHeat {
                tracking.counts.addHeat(
                    objects, at: time, frameWidth: frame.width, frameHeight: frame.height)
            }
            return events
        }
    }

    /// The first frame, where a heat map is wanted that has none.
    private func firstFrame(_ frame: borrowing Frame) -> SharedFrame? {
        guard tracking.withLock({ $0.wantsHeat && $0.background == nil }),
            let copy = try? frame.shared()
        else { return nil }
        return SharedFrame(copy)
    }

    /// Outlines of zones and lines with their counts, in pixels of a frame.
    func shapes(frameWidth: Int, frameHeight: Int) -> [OverlayShape] {
        guard !context.places.isEmpty else { return [] }
        return tracking.withLock {
            context.places.shapes($0.events, frameWidth: frameWidth, frameHeight: frameHeight)
        }
    }

    /// Takes the rows of the intervals that ended before a time in seconds since 1970, and the crossings so far.
    func takeCounts(before time: Double) -> ([CountTable.Row], [CameraCounts.TimedCrossing]) {
        tracking.withLock { $0.counts.take(before: time) }
    }

    /// Takes the rest of the counts at the end of a run.
    func finishCounts(at time: Double) -> ([CountTable.Row], [CameraCounts.TimedCrossing]) {
        tracking.withLock { $0.counts.finish(at: time) }
    }

    /// Heat map so far.
    var heat: HeatPicture {
        tracking.withLock { HeatPicture($0.counts.heat, over: $0.background) }
    }
}

extension DropReason {
    /// The connection broke while a detector had the frame.
    static let connectionLost = DropReason(rawValue: "connection-lost")
}

extension Date {
    /// Time at which a packet arrived, given in nanoseconds of the monotonic clock.
    init(arrival: UInt64) {
        let now = MonotonicClock.system.now
        self.init(timeIntervalSinceNow: now > arrival ? -Double(now - arrival) / 1e9 : 0)
    }
}
