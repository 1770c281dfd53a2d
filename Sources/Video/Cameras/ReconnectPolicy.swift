/// How long to wait before a lost camera is asked again.
///
/// A pure value: it is told what happened and when, so that every case can be tested without waiting. The wait
/// doubles with every failure, from half a second up to half a minute, and is shortened by chance (so
/// that many cameras that were lost together do not return together); it starts afresh after a minute of health.
public struct ReconnectPolicy: Sendable, Hashable {
    /// Seconds before the first attempt.
    public var initialDelay = 0.5
    /// Seconds that no wait exceeds.
    public var maximumDelay = 30.0
    /// Seconds of delivered pictures after which earlier failures are forgotten.
    public var resetAfter = 60.0
    /// Failures since the last health.
    public private(set) var failures = 0
    private var connectedAt: Double?
    private var lastDelivery: Double?

    /// The usual patience.
    public init() {}

    /// A connection stands.
    public mutating func connected(at now: Double) {
        connectedAt = now
        lastDelivery = nil
    }

    /// A picture or packet came.
    public mutating func delivered(at now: Double) { lastDelivery = now }

    /// The connection broke, or an attempt failed; returns the seconds to wait before the next attempt.
    ///
    /// `chance` is a random number from 0 to 1: the wait is between half and all of what the failures ask for.
    public mutating func lost(chance: Double) -> Double {
        if let connectedAt, let lastDelivery, lastDelivery - connectedAt >= resetAfter {
            failures = 0
        }
        connectedAt = nil
        lastDelivery = nil
        // Beyond 2^20 every wait is the longest; the bound keeps the power finite.
        var wait = initialDelay
        for _ in 0..<min(failures, 20) where wait < maximumDelay { wait *= 2 }
        failures += 1
        return min(wait, maximumDelay) * (0.5 + 0.5 * min(max(chance, 0), 1))
    }
}
