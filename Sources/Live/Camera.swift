internal import Configuration
internal import Flow
internal import Pipeline
internal import Scene
internal import Video

/// One picture on its way to a detector.
struct PendingFrame: ~Copyable, Sendable {
    let frame: Frame
    /// Seconds on the clock of its connection.
    let time: Double
    /// The connection it came from.
    let connection: Int
}

/// One camera of a run, as all threads see it.
///
/// Its reader moves the tracks on to every picture at once; a detector's answer comes later and concerns an earlier
/// picture. So two trackers are kept: one that stands where the last answer put it, and one that was moved on from there
/// to the newest picture. An answer goes to the first, which then replaces the second.
final class Camera: Sendable {
    let description: CameraDescription
    let settings: DetectionContext
    /// Its place on the board of detectors.
    let seat: Int
    let ledger = FrameLedger()
    let recorder = StageRecorder()
    /// Its newest drawn picture.
    let display = LatestPreview()
    /// What records it; nil where nothing is to be recorded.
    let recording: Recorder?
    /// From a packet's arrival to the detector's answer.
    let answerTimes = Lock(LatencyRecorder())
    private let tracking: Lock<Tracking>
    private let state: Lock<State>

    private struct Tracking {
        var answered: Tracker
        var newest: Tracker
        var events: ObjectEvents
        var connection = 0
        /// Seconds of the present outage that events know of.
        var outage = 0.0
    }

    private struct State {
        var status: CameraStatus
        /// When the packet of the newest picture came, in nanoseconds.
        var newestArrival: UInt64?
        var rates = RateWindow()
    }

    /// A camera that was not looked at yet; objects of the chosen classes make events.
    init(
        _ description: CameraDescription, _ settings: DetectionContext, eventClasses: [Bool],
        seat: Int, recording: Recorder? = nil
    ) {
        self.description = description
        self.settings = settings
        self.seat = seat
        self.recording = recording
        let tracker = Tracker(options: settings.trackerOptions)
        let events = ObjectEvents(
            isChosen: eventClasses, memory: settings.trackerOptions.memoryTime)
        tracking = Lock(Tracking(answered: tracker, newest: tracker, events: events))
        state = Lock(
            State(
                status: CameraStatus(
                    name: description.name, source: redacted(description.source))))
    }

    /// Changes what is said of the camera.
    func update(_ change: (inout CameraStatus) -> Void) { state.withLock { change(&$0.status) } }

    /// What there is to say of the camera now.
    var status: CameraStatus {
        let now = MonotonicClock.system.now
        let objects = tracking.withLock { $0.newest.objects.count }
        return state.withLock { state in
            var status = state.status
            status.counts = ledger.counts
            status.age = state.newestArrival.map { now > $0 ? Double(now - $0) / 1e9 : 0 }
            status.objectCount = objects
            (status.frameRate, status.detectRate) = state.rates.rates
            status.recording = recording?.status ?? RecordingStatus()
            return status
        }
    }

    /// Takes a sample for the rates; called once a second.
    func sample() {
        let counts = ledger.counts
        let now = MonotonicClock.system.now
        state.withLock {
            $0.rates.note(decoded: counts.decoded, detected: counts.detected, at: now)
        }
    }

    /// No connection has stood for so many seconds, and none does; returns what ended meanwhile.
    func wait(since seconds: Double) -> [ObjectEvent] {
        tracking.withLock { tracking in
            let more = max(seconds - tracking.outage, 0)
            tracking.outage += more
            return tracking.connection > 0 ? tracking.events.gap(seconds: more) : []
        }
    }

    /// A connection stands, after so many seconds without one; returns its number and what ended meanwhile.
    func begin(after seconds: Double) -> (connection: Int, events: [ObjectEvent]) {
        let events = wait(since: seconds)
        return tracking.withLock { tracking in
            if tracking.connection > 0 { tracking.answered.gap(seconds: seconds) }
            tracking.newest = tracking.answered
            tracking.connection += 1
            tracking.outage = 0
            return (tracking.connection, events)
        }
    }

    /// The run is over; returns what ends with it.
    func finish() -> [ObjectEvent] { tracking.withLock { $0.events.finish() } }

    /// Moves the tracks on to a picture of the present connection.
    func follow(to seconds: Double, arrival: UInt64) -> [TrackedObject] {
        state.withLock { $0.newestArrival = arrival }
        return tracking.withLock { tracking in
            tracking.newest.predict(at: seconds)
            return tracking.newest.objects
        }
    }

    /// Takes in a detector's answer and returns what happened; nil when its connection is gone and the answer means
    /// nothing.
    func absorb(_ detections: [Detection], of sight: borrowing PendingFrame) -> [ObjectEvent]? {
        let frame = (width: sight.frame.width, height: sight.frame.height)
        let isBroken = sight.frame.isCorrupt
        let (time, connection) = (sight.time, sight.connection)
        return tracking.withLock { tracking in
            guard connection == tracking.connection else { return nil }
            tracking.answered.update(
                detections, at: time, frameWidth: frame.width, frameHeight: frame.height,
                mayStartTracks: !isBroken)
            tracking.newest = tracking.answered
            return tracking.events.update(tracking.answered.objects, at: time)
        }
    }
}

extension DropReason {
    /// The connection broke before the detector answered, and tracks of another connection mean nothing.
    static let connectionLost = DropReason(rawValue: "connection-lost")
}

/// Frames a second over the last seconds, from samples of counts.
struct RateWindow: Sendable {
    private struct Sample {
        var decoded: Int
        var detected: Int
        var at: UInt64
    }

    private var samples: [Sample] = []
    private static let length = 6

    /// Notes the counts at a time in nanoseconds.
    mutating func note(decoded: Int, detected: Int, at now: UInt64) {
        samples.append(Sample(decoded: decoded, detected: detected, at: now))
        if samples.count > Self.length { samples.removeFirst() }
    }

    /// Decoded and detected frames a second; zero before the second sample.
    var rates: (decoded: Double, detected: Double) {
        guard let first = samples.first, let last = samples.last, last.at > first.at else {
            return (0, 0)
        }
        let seconds = Double(last.at - first.at) / 1e9
        return (
            Double(last.decoded - first.decoded) / seconds,
            Double(last.detected - first.detected) / seconds
        )
    }
}
