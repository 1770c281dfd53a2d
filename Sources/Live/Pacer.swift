/// Releases the pictures of a source that comes in bursts, or as fast as it is read, at its own speed.
struct Pacer: Sendable {
    private var start: (stamp: Double, now: Double)?

    /// A picture farther from its time than this shows that clock or network leapt, and begins a new count.
    private static let longest = 10.0

    /// Seconds to wait before a picture with this stamp is released.
    mutating func wait(stamp: Double, now: Double) -> Double {
        let begun = start ?? (stamp, now)
        let wait = begun.now + (stamp - begun.stamp) - now
        guard abs(wait) < Self.longest else {
            start = (stamp, now)
            return 0
        }
        start = begun
        return max(wait, 0)
    }

    /// A new connection has a new clock.
    mutating func restart() { start = nil }
}
