import Glibc

/// A clock that only moves forward, in nanoseconds from an unspecified start.
///
/// It is handed in wherever time matters, so that tests turn it by hand (``ManualClock``).
public struct MonotonicClock: Sendable {
    private let read: @Sendable () -> UInt64

    /// A clock that reads as `read` says.
    public init(_ read: @escaping @Sendable () -> UInt64) {
        self.read = read
    }

    /// Nanoseconds now.
    public var now: UInt64 { read() }

    /// The system's monotonic clock.
    public static let system = MonotonicClock {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
