internal import Flow
internal import Synchronization

/// Runs a body while another thread calls `report` again and again.
///
/// Without another thread, which the system may refuse, the body runs without reports.
///
/// - Parameters:
///   - interval: Nanoseconds between two reports.
///   - report: Called with the seconds since the start, on the other thread.
///   - body: The work.
/// - Returns: The body's result.
/// - Throws: The body's error.
package func repeating<Result: ~Copyable, Failure: Error>(
    every interval: UInt64, _ report: @escaping @Sendable (Double) -> Void,
    during body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let end = End()
    let reporter = try? Worker<Void, Never>(name: "progress") {
        let clock = MonotonicClock.system
        let start = clock.now
        while !end.wait(until: clock.now + interval) { report(Double(clock.now - start) / 1e9) }
    }
    defer {
        end.signal()
        reporter?.join()
    }
    return try body()
}

/// An event that happens once, for which one thread waits.
private final class End: Sendable {
    private let parker = Parker()
    private let isSignalled = Atomic(false)

    func signal() {
        isSignalled.store(true, ordering: .releasing)
        parker.wake()
    }

    /// Waits until the event or a deadline of the system's clock; true after the event.
    func wait(until deadline: UInt64) -> Bool {
        parker.wait(deadline: deadline) { isSignalled.load(ordering: .acquiring) }
    }
}
