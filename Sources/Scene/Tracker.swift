/// Follows objects from frame to frame and gives each an identity.
///
/// Association in two passes by score (BYTE: Zhang et al., 2022), with observation-centric re-update,
/// momentum and recovery (OC-SORT: Cao et al., 2023). All times are the source's, in seconds, and all lengths
/// are relative to the box, so a clip tracks alike at any frame rate. State is bounded, and in the steady
/// state nothing is allocated. The same calls give the same bytes.
///
/// Call `update` for a frame with detections and `predict` for one without; read `objects` after either.
public struct Tracker: Sendable {
    /// The decisions in force.
    public let options: TrackerOptions
    /// Confirmed objects as of the last call, by ascending identity; the storage is reused.
    public private(set) var objects: [TrackedObject] = []

    var tracks: [Track] = []
    var pool: DetectionPool
    var matcher: Matcher
    private var clock = TrackerClock()
    private var nextID = 1
    private var picture = Box(x: 0, y: 0, width: 1, height: 1)

    /// A tracker that has seen nothing yet.
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

    /// Number of tracks held, confirmed or not; never above the limit.
    public var trackCount: Int { tracks.count }

    /// Takes in the detections of one frame.
    ///
    /// When the picture's size changes, what was known in old pixels means nothing: all tracks end.
    ///
    /// - Parameters:
    ///   - detections: In any order; those with boxes or scores that make no sense are refused.
    ///   - seconds: The frame's time in the source. A step backwards counts as no time.
    ///   - pictureWidth: Width of the upright picture in pixels, positive.
    ///   - pictureHeight: Height of the upright picture in pixels, positive.
    ///   - mayStartTracks: False for a damaged frame: it continues tracks but neither starts nor confirms any.
    public mutating func update(
        _ detections: [Detection], at seconds: Double, pictureWidth: Int, pictureHeight: Int,
        mayStartTracks: Bool = true
    ) {
        precondition(pictureWidth > 0 && pictureHeight > 0, "a picture has an extent")
        let shown = Box(x: 0, y: 0, width: Float(pictureWidth), height: Float(pictureHeight))
        if shown != picture { tracks.removeAll(keepingCapacity: true) }
        picture = shown
        advance(to: seconds)
        pool.fill(from: detections, picture: picture)
        associate()
        absorb(mayConfirm: mayStartTracks)
        prune()
        if mayStartTracks { start() }
        publish(isGuess: false)
    }

    /// Moves all tracks on to a frame in which nothing was looked for; every live object is a guess.
    ///
    /// - Parameter seconds: The frame's time in the source.
    public mutating func predict(at seconds: Double) {
        advance(to: seconds)
        prune()
        publish(isGuess: true)
    }

    /// Says that the source was interrupted: what comes next is `seconds` later, whatever its stamps say.
    ///
    /// - Parameter seconds: Length of the hole; infinite when unknown, which ends all tracks.
    public mutating func gap(seconds: Double = .infinity) {
        clock.interrupt(seconds: seconds)
        guard seconds > options.memoryTime || seconds.isNaN else { return }
        tracks.removeAll(keepingCapacity: true)
        objects.removeAll(keepingCapacity: true)
    }

    private mutating func advance(to seconds: Double) {
        let passed = clock.advance(to: seconds)
        guard passed > 0 else { return }
        // Beyond its memory a track ends in any case, so the filters need not look farther.
        let span = min(passed, options.memoryTime + 1)
        for index in tracks.indices { tracks[index].predict(seconds: span, model: options.motion) }
    }

    /// Hands each track its detection, and confirms those that have earned it.
    private mutating func absorb(mayConfirm: Bool) {
        for index in tracks.indices {
            guard let place = matcher.detection(ofTrack: index) else {
                tracks[index].isMissed = true
                continue
            }
            tracks[index].observe(pool[place], at: clock.now, options: options)
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

    /// Begins tracks with the strong detections that no track took, best first, as long as there is room.
    private mutating func start() {
        for place in 0..<pool.count {
            guard pool[place].score >= options.startScore, tracks.count < options.trackLimit else {
                return
            }
            guard !matcher.isTaken(place) else { continue }
            tracks.append(Track(pool[place], at: clock.now, model: options.motion))
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
        return box.intersection(picture).area >= options.visibleShare * box.area
    }

    private mutating func publish(isGuess: Bool) {
        objects.removeAll(keepingCapacity: true)
        for track in tracks where track.isConfirmed {
            let unseen = clock.now - track.lastSeen
            guard !track.isMissed || unseen <= options.coastingTime else { continue }
            insert(
                track.object(
                    at: clock.now, isSeen: !isGuess && !track.isMissed, picture: picture,
                    halfLife: options.scoreHalfLife))
        }
    }

    /// Tracks stand in the order of their first detection, identities in that of confirmation: nearly the same.
    private mutating func insert(_ object: TrackedObject) {
        objects.append(object)
        var place = objects.count - 1
        while place > 0, objects[place - 1].id > object.id {
            objects.swapAt(place - 1, place)
            place -= 1
        }
    }
}
