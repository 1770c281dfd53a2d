import Glibc
import Synchronization

/// Waits for a condition that other threads make true: a bounded spin first, then sleep.
///
/// At most one thread waits at a time; any thread may wake it. The thread that makes the condition
/// true calls ``wake()`` afterwards. A wake costs one atomic exchange when no thread sleeps.
///
/// No wake is lost: both sides exchange the same word. Either the waker finds the sleeper's mark and signals it. Or the
/// sleeper's exchange comes later and acquires what the waker published, so the sleeper's last check sees it.
///
/// SAFETY of `@unchecked Sendable`: the mutex and the condition variable are made for sharing; they
/// are initialised before and destroyed after every use.
@safe
public final class Parker: @unchecked Sendable {
    /// Default number of checks before sleeping.
    public static let usualSpins = 256

    /// Number of checks in a row before a long spin yields the core: some microseconds.
    private static let checksBeforeYield = 1 << 12

    private let spins: Int
    private let isParked = Atomic(false)
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let signal: UnsafeMutablePointer<pthread_cond_t>

    /// Creates a parker that checks `spins` times before it sleeps.
    public init(spins: Int = Parker.usualSpins) {
        precondition(spins >= 0, "a negative number of spins")
        self.spins = spins
        unsafe mutex = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe signal = UnsafeMutablePointer.allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        // SAFETY: freshly allocated memory that only this object frees.
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(signal, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(signal)
        unsafe pthread_mutex_destroy(mutex)
        unsafe signal.deallocate()
        unsafe mutex.deallocate()
    }

    /// Waits until `condition` holds, or until the deadline.
    ///
    /// - Parameters:
    ///   - deadline: Nanoseconds of ``MonotonicClock/system``; nil waits for ever.
    ///   - condition: Checked often, by the waiting thread only; it must be cheap.
    /// - Returns: True when the condition holds; false only after the deadline.
    @discardableResult
    public func wait(deadline: UInt64? = nil, until condition: () -> Bool) -> Bool {
        for check in 1..<max(spins, 0) + 1 {
            if condition() { return true }
            // The thread waited for may need this very core.
            if check % Self.checksBeforeYield == 0 { sched_yield() }
        }
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            _ = isParked.exchange(true, ordering: .acquiringAndReleasing)
            let isTrue = condition()
            if isTrue || !sleep(deadline: deadline) {
                _ = isParked.exchange(false, ordering: .acquiringAndReleasing)
                return isTrue || condition()
            }
        }
    }

    /// Wakes the waiting thread, if it sleeps, to check its condition again.
    public func wake() {
        guard isParked.exchange(false, ordering: .acquiringAndReleasing) else { return }
        // The lock is free only once the sleeper waits for the signal.
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_signal(signal)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Sleeps until the signal (true) or the deadline (false); needs the lock.
    private func sleep(deadline: UInt64?) -> Bool {
        guard let deadline else {
            unsafe pthread_cond_wait(signal, mutex)
            return true
        }
        var time = timespec(
            tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        return unsafe pthread_cond_timedwait(signal, mutex, &time) != ETIMEDOUT
    }
}
