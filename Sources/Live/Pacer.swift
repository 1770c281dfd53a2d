/// Delays frames of a source that comes in bursts, or as fast as it is read, to its own speed.
struct Pacer: Sendable {
    private var start: (timestamp: Double, now: Double)?

    /// Largest plausible distance of a frame from its time in seconds; beyond it, timestamps or the
    /// network jumped, and pacing starts anew.
    private static let jump = 10.0

    /// Seconds to wait before a frame with this timestamp is released.
    mutating func wait(timestamp: Double, now: Double) -> Double {
        let begun = start ?? (timestamp, now)
        let wait = begun.now + (timestamp - begun.timestamp) - now
        guard abs(wait) < Self.jump else {
            start = (timestamp, now)
            return 0
        }
        start = begun
        return max(wait, 0)
    }

    /// Starts anew: a new connection has a new clock.
    mutating func restart() { start = nil }
}
