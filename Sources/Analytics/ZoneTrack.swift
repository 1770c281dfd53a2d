/// Memory of one object at one zone: the state of its visit.
///
/// Rules for zones: an object enters once it has been seen inside for a time, and leaves once it has been seen outside
/// for a time. Unseen objects keep their state. A visit lasts from its first observation inside to its last.
struct ZoneTrack: Sendable {
    enum Phase: Sendable {
        case outside, entering, inside, leaving
    }

    enum Outcome: Sendable {
        case nothing, enter, leave
    }

    private(set) var phase = Phase.outside
    /// Time of the first observation inside, in seconds.
    private(set) var begun = 0.0
    /// Time of the last observation inside, in seconds.
    private(set) var lastInside = 0.0
    /// Time of the first observation outside, while leaving.
    private var outsideSince = 0.0
    /// Class under which the visit is counted.
    var classIndex = 0
    /// Seconds that the object had stood when the visit began.
    private(set) var rested = 0.0
    var hasLoitered = false

    /// True from `enter` to `leave`.
    var isInside: Bool { phase == .inside || phase == .leaving }

    /// Seconds of the visit so far.
    var dwell: Double { lastInside - begun }

    /// Rounding of timestamps, in seconds.
    private static let tolerance = 1e-6

    /// Takes an observation into account.
    ///
    /// - Parameters:
    ///   - isIn: True when the anchor is inside the polygon.
    ///   - time: Monotonic time in seconds.
    ///   - rested: Seconds that the object has stood so far.
    ///   - zone: Times of the zone.
    /// - Returns: The visit's begin or end, if it became certain.
    mutating func observe(_ isIn: Bool, at time: Double, rested: Double, _ zone: Zone) -> Outcome {
        isIn ? observeInside(at: time, rested: rested, zone) : observeOutside(at: time, zone)
    }

    private mutating func observeInside(at time: Double, rested: Double, _ zone: Zone) -> Outcome {
        if phase == .outside {
            self = ZoneTrack()
            phase = .entering
            begun = time
            self.rested = rested
        }
        lastInside = time
        if phase == .leaving { phase = .inside }
        guard phase == .entering, time - begun >= zone.enterAfter - Self.tolerance else {
            return .nothing
        }
        phase = .inside
        return .enter
    }

    private mutating func observeOutside(at time: Double, _ zone: Zone) -> Outcome {
        switch phase {
        case .outside, .entering:
            phase = .outside
            return .nothing
        case .inside:
            phase = .leaving
            outsideSince = time
        case .leaving: break
        }
        guard time - outsideSince >= zone.leaveAfter - Self.tolerance else { return .nothing }
        phase = .outside
        return .leave
    }
}
