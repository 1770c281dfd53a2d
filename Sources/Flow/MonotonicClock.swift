import Glibc

/// Monotonic clock in nanoseconds since an unspecified start.
///
/// It is passed in wherever time matters, so that tests can advance it by hand.
public struct MonotonicClock: Sendable {
    private let read: @Sendable () -> UInt64

    /// Creates a clock that reads as `read` does.
    public init(_ read: @escaping @Sendable () -> UInt64) {
        self.read = read
    }

    /// Present time in nanoseconds.
    public var now: UInt64 { read() }

    /// The system's monotonic clock.
    public static let system = MonotonicClock {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
