/// Delays between attempts to reconnect: exponential backoff with jitter.
///
/// The delay doubles with each failure from ``initialDelay`` up to ``maximumDelay``. Jitter
/// shortens it by up to half, so that cameras lost together do not reconnect together. The failure
/// count resets after ``resetAfter`` seconds of delivery. A pure value that reads no clock.
public struct ReconnectPolicy: Sendable, Hashable {
    /// Delay before the first attempt, in seconds.
    public var initialDelay = 0.5
    /// Upper limit of the delay, in seconds.
    public var maximumDelay = 30.0
    /// Seconds of delivery after which failures are forgotten.
    public var resetAfter = 60.0
    /// Failures since the last reset.
    public private(set) var failures = 0
    private var connectedAt: Double?
    private var lastDelivery: Double?

    /// Creates a policy with default delays.
    public init() {}

    /// Records a connection.
    public mutating func connected(at now: Double) {
        connectedAt = now
        lastDelivery = nil
    }

    /// Records a delivered frame or packet.
    public mutating func delivered(at now: Double) { lastDelivery = now }

    /// Records a lost connection or a failed attempt; returns the delay before the next attempt in
    /// seconds.
    ///
    /// `chance` is a random number from 0 to 1; the delay lies between half and all of the backoff.
    public mutating func delayAfterLoss(chance: Double) -> Double {
        if let connectedAt, let lastDelivery, lastDelivery - connectedAt >= resetAfter {
            failures = 0
        }
        connectedAt = nil
        lastDelivery = nil
        // The delay reaches its maximum long before 2^20; the bound keeps the loop short.
        var wait = initialDelay
        for _ in 0..<min(failures, 20) where wait < maximumDelay { wait *= 2 }
        failures += 1
        return min(wait, maximumDelay) * (0.5 + 0.5 * min(max(chance, 0), 1))
    }
}
