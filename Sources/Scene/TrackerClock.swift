/// The tracker's own time: never runs backwards, and leaps only as far as a hole in the source is long.
struct TrackerClock: Sendable {
    /// Seconds since the first frame.
    private(set) var now = 0.0
    private var stamp: Double?
    private var hole: Double?

    private static let longestStep = 1e6

    /// The next stamp comes this many seconds after the last one, whatever it says.
    mutating func interrupt(seconds: Double) {
        hole = seconds.isNaN ? Self.longestStep : min(max(seconds, 0), Self.longestStep)
    }

    /// Moves to a stamp of the source and returns the seconds that passed: not negative, finite.
    mutating func advance(to seconds: Double) -> Double {
        guard seconds.isFinite else { return 0 }
        let step = min(max(seconds - (stamp ?? seconds), 0), Self.longestStep)
        let passed = hole ?? step
        stamp = seconds
        hole = nil
        now += passed
        return passed
    }
}
