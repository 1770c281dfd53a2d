import Glibc

/// Value that one thread at a time may access.
///
/// Equivalent to `Synchronization.Mutex`, but on a `pthread` mutex: ThreadSanitizer understands
/// this one and not the other, so that code which uses it can be checked for races.
///
/// SAFETY of `@unchecked Sendable`: the value is accessed only while the mutex is held.
@safe
public final class Lock<Value: ~Copyable & Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    /// Creates a lock around a value.
    public init(_ value: consuming Value) {
        self.value = value
        unsafe mutex = UnsafeMutablePointer.allocate(capacity: 1)
        // SAFETY: freshly allocated memory that only this object frees.
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` with exclusive access to the value; it must not lock the same lock again.
    public func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
