public import Flow
internal import Synchronization

/// Clock that stands still until a test advances it.
public final class ManualClock: Sendable {
    private let nanoseconds: Atomic<UInt64>

    /// Creates a clock that shows `start` nanoseconds.
    public init(start: UInt64 = 0) {
        nanoseconds = Atomic(start)
    }

    /// Advances the clock.
    public func advance(nanoseconds step: UInt64) {
        nanoseconds.wrappingAdd(step, ordering: .acquiringAndReleasing)
    }

    /// View of this clock for the code under test.
    public var clock: MonotonicClock {
        MonotonicClock { self.nanoseconds.load(ordering: .acquiring) }
    }
}
