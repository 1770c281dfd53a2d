/// Newest value of a series, from any thread to any number of tasks that await newer ones.
///
/// Publishing never waits. A task that is slower than the series skips values.
public final class LatestValue<Value: Sendable>: Sendable {
    /// Value with its number in the series.
    public struct Numbered: Sendable {
        /// Number of the value, from 1.
        public let number: Int
        /// Published value.
        public let value: Value
    }

    private enum Wait: Sendable {
        case starting
        case waiting(number: Int, CheckedContinuation<Numbered?, Never>)
        case cancelled
    }

    private struct State: Sendable {
        var newest: Numbered?
        var waits: [Int: Wait] = [:]
        var nextWait = 0

        mutating func begin() -> Int {
            nextWait += 1
            waits[nextWait] = .starting
            return nextWait
        }

        /// Removes and returns the waits for a value of at most this number.
        mutating func removeWaits(upTo number: Int) -> [CheckedContinuation<Numbered?, Never>] {
            waits.compactMap { id, wait in
                guard case .waiting(let seen, let continuation) = wait, seen < number else {
                    return nil
                }
                waits[id] = nil
                return continuation
            }
        }
    }

    private let state = Lock(State())

    /// Creates a series without values.
    public init() {}

    /// Newest value; nil before the first.
    public var newest: Numbered? { state.withLock { $0.newest } }

    /// Publishes a value and resumes the tasks that await it.
    public func publish(_ value: Value) {
        let (newest, resumed) = state.withLock { state in
            let newest = Numbered(number: (state.newest?.number ?? 0) + 1, value: value)
            state.newest = newest
            return (newest, state.removeWaits(upTo: newest.number))
        }
        for continuation in resumed { continuation.resume(returning: newest) }
    }

    /// Waits for a value with a larger number.
    ///
    /// - Parameters:
    ///   - number: Number of the last value seen; 0 awaits any.
    ///   - seconds: Longest wait.
    /// - Returns: The newest value; nil at the deadline, or when the task is cancelled.
    public func value(after number: Int, within seconds: Double) async -> Numbered? {
        if let newest, newest.number > number { return newest }
        return await withTaskGroup(of: Numbered?.self) { group in
            group.addTask { await self.value(after: number) }
            group.addTask {
                try? await Task.sleep(nanoseconds: UInt64(max(seconds, 0) * 1e9))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Waits without a deadline; nil when the task is cancelled.
    private func value(after number: Int) async -> Numbered? {
        let id = state.withLock { $0.begin() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isDone, newest) = store(continuation, id, after: number)
                if isDone { continuation.resume(returning: newest) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func store(
        _ continuation: CheckedContinuation<Numbered?, Never>, _ id: Int, after number: Int
    ) -> (isDone: Bool, newest: Numbered?) {
        state.withLock { state in
            let wait = state.waits.removeValue(forKey: id)
            if case .cancelled? = wait { return (true, nil) }
            if let newest = state.newest, newest.number > number { return (true, newest) }
            state.waits[id] = .waiting(number: number, continuation)
            return (false, nil)
        }
    }

    private func cancel(_ id: Int) {
        let waiting = state.withLock { state -> CheckedContinuation<Numbered?, Never>? in
            let wait = state.waits.removeValue(forKey: id)
            switch wait {
            case .waiting(_, let continuation): return continuation
            case .starting: state.waits[id] = .cancelled
            case .cancelled, nil: break
            }
            return nil
        }
        waiting?.resume(returning: nil)
    }
}
