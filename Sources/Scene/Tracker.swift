/// Multi-object tracker: follows objects from frame to frame and assigns identities.
///
/// Association by score (BYTE: Zhang et al., 2022) with observation-centric re-update, momentum and recovery
/// (OC-SORT: Cao et al., 2023). Times are seconds of the source and lengths are relative to the box, so results
/// do not depend on the frame rate. State is bounded, and the steady state allocates nothing. The same calls
/// give the same bytes.
///
/// Call `update` for a frame with detections and `predict` for one without; read `objects` after either.
public struct Tracker: Sendable {
    /// Thresholds and limits in use.
    public let options: TrackerOptions
    /// Confirmed objects after the last call, by ascending identity; the storage is reused.
    public private(set) var objects: [TrackedObject] = []

    var tracks: [Track] = []
    var pool: DetectionPool
    var matcher: Matcher
    private var clock = Clock()
    private var nextID = 1
    private var bounds = Box(x: 0, y: 0, width: 1, height: 1)

    /// Creates a tracker without tracks.
    public init(options: TrackerOptions = TrackerOptions()) {
        precondition(
            options.trackLimit > 0 && options.detectionLimit > 0, "limits of a tracker are positive"
        )
        self.options = options
        pool = DetectionPool(options: options)
        matcher = Matcher(
            trackLimit: options.trackLimit, detectionLimit: options.detectionLimit)
        tracks.reserveCapacity(options.trackLimit)
        objects.reserveCapacity(options.trackLimit)
    }

    /// Number of tracks, confirmed or tentative; at most `options.trackLimit`.
    public var trackCount: Int { tracks.count }

    /// Updates the tracks with the detections of one frame.
    ///
    /// All tracks end when the frame size changes.
    ///
    /// - Parameters:
    ///   - detections: Detections in any order; those with invalid boxes or scores are ignored.
    ///   - seconds: Timestamp of the frame. A step backwards counts as zero time.
    ///   - frameWidth: Width of the upright frame in pixels, positive.
    ///   - frameHeight: Height of the upright frame in pixels, positive.
    ///   - mayStartTracks: False for a frame in which the decoder found damage: it may continue tracks but
    ///     neither starts nor confirms any.
    public mutating func update(
        _ detections: [Detection], at seconds: Double, frameWidth: Int, frameHeight: Int,
        mayStartTracks: Bool = true
    ) {
        precondition(frameWidth > 0 && frameHeight > 0, "a frame has an extent")
        let shown = Box(x: 0, y: 0, width: Float(frameWidth), height: Float(frameHeight))
        if shown != bounds { tracks.removeAll(keepingCapacity: true) }
        bounds = shown
        advance(to: seconds)
        pool.fill(from: detections, frame: bounds)
        associate()
        applyDetections(mayConfirm: mayStartTracks)
        prune()
        if mayStartTracks { startTracks() }
        publish(isPrediction: false)
    }

    /// Predicts all tracks for a frame without inference; every published object is marked as predicted.
    ///
    /// - Parameter seconds: Timestamp of the frame.
    public mutating func predict(at seconds: Double) {
        advance(to: seconds)
        prune()
        publish(isPrediction: true)
    }

    /// Announces a gap in the source: the next frame counts as `seconds` later, whatever its timestamp.
    ///
    /// - Parameter seconds: Length of the gap; infinity when unknown. A gap longer than the memory ends all tracks.
    public mutating func gap(seconds: Double = .infinity) {
        clock.interrupt(seconds: seconds)
        guard seconds > options.memoryTime || seconds.isNaN else { return }
        tracks.removeAll(keepingCapacity: true)
        objects.removeAll(keepingCapacity: true)
    }

    private mutating func advance(to seconds: Double) {
        let passed = clock.advance(to: seconds)
        guard passed > 0 else { return }
        // A track ends beyond its memory, so the filters need not predict farther.
        let span = min(passed, options.memoryTime + 1)
        for index in tracks.indices { tracks[index].predict(seconds: span, model: options.motion) }
    }

    /// Updates each matched track with its detection and confirms tracks that meet the criteria.
    private mutating func applyDetections(mayConfirm: Bool) {
        for index in tracks.indices {
            guard let detection = matcher.detection(ofTrack: index) else {
                tracks[index].isMissed = true
                continue
            }
            tracks[index].observe(pool[detection], at: clock.now, options: options)
            if mayConfirm { confirm(index) }
        }
    }

    private mutating func confirm(_ index: Int) {
        let track = tracks[index]
        guard !track.isConfirmed else { return }
        let hasLasted =
            clock.now - track.firstSeen >= options.confirmingTime
            && track.scoreSum >= options.confirmingScoreSum
        guard hasLasted || track.score >= options.instantScore else { return }
        tracks[index].id = nextID
        nextID += 1
    }

    /// Starts tracks from strong unmatched detections, best score first, up to the track limit.
    private mutating func startTracks() {
        for index in 0..<pool.count {
            guard pool[index].score >= options.startScore, tracks.count < options.trackLimit else {
                return
            }
            guard !matcher.isTaken(index) else { continue }
            tracks.append(Track(pool[index], at: clock.now, model: options.motion))
            confirm(tracks.count - 1)
        }
    }

    private mutating func prune() {
        var end = 0
        for index in tracks.indices where isAlive(tracks[index]) {
            if end != index { tracks[end] = tracks[index] }
            end += 1
        }
        tracks.removeLast(tracks.count - end)
    }

    private func isAlive(_ track: Track) -> Bool {
        let unseen = clock.now - track.lastSeen
        guard unseen > 0 else { return true }
        guard track.isConfirmed else {
            return unseen <= (track.isMissed ? options.tentativeTime : options.memoryTime)
        }
        guard unseen <= options.memoryTime else { return false }
        let box = track.filter.box
        return box.intersection(bounds).area >= options.visibleShare * box.area
    }

    private mutating func publish(isPrediction: Bool) {
        objects.removeAll(keepingCapacity: true)
        for track in tracks where track.isConfirmed {
            let unseen = clock.now - track.lastSeen
            guard !track.isMissed || unseen <= options.coastingTime,
                track.isShown(at: clock.now, options: options)
            else { continue }
            insert(
                track.object(
                    at: clock.now, isSeen: !isPrediction && !track.isMissed, frame: bounds,
                    halfLife: options.scoreHalfLife))
        }
    }

    /// Inserts by ascending identity; tracks are already nearly in that order.
    private mutating func insert(_ object: TrackedObject) {
        objects.append(object)
        var index = objects.count - 1
        while index > 0, objects[index - 1].id > object.id {
            objects.swapAt(index - 1, index)
            index -= 1
        }
    }
}

/// Monotonic time of the tracker: ignores steps backwards and replaces announced gaps.
private struct Clock: Sendable {
    /// Seconds since the first frame.
    private(set) var now = 0.0
    private var timestamp: Double?
    private var gap: Double?

    private static let longestStep = 1e6

    /// Sets the seconds that pass until the next timestamp, whatever its value.
    mutating func interrupt(seconds: Double) {
        gap = seconds.isNaN ? Self.longestStep : min(max(seconds, 0), Self.longestStep)
    }

    /// Moves to a timestamp of the source.
    ///
    /// - Returns: Seconds that passed: not negative, finite.
    mutating func advance(to seconds: Double) -> Double {
        guard seconds.isFinite else { return 0 }
        let step = min(max(seconds - (timestamp ?? seconds), 0), Self.longestStep)
        let passed = gap ?? step
        timestamp = seconds
        gap = nil
        now += passed
        return passed
    }
}
