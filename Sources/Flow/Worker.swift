import Glibc

/// Dedicated thread with a name, which is always joined and returns a result.
///
/// For work that blocks or computes for long, which does not belong on Swift's cooperative threads. Releasing the last
/// reference to a worker joins its thread, so no thread outlives its handle. Before releasing it, close everything for
/// which the thread may wait.
public final class Worker<Success: Sendable, Failure: Error>: Sendable {
    private let thread: pthread_t
    private let outcome = Outcome<Success, Failure>()
    private let isJoined = Lock(false)

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: Name in debuggers and `top -H`; Linux keeps the first 15 bytes.
    ///   - stackSize: Address space of the stack in bytes; memory is used only as touched.
    ///   - body: Work of the thread; destroyed, with its captures, on that thread.
    /// - Throws: ``WorkerError`` when the system refuses another thread.
    public init(
        name: String, stackSize: Int = defaultStackSize,
        body: @escaping @Sendable () throws(Failure) -> Success
    ) throws(WorkerError) {
        let outcome = outcome
        thread = try startThread(name: name, stackSize: stackSize) {
            outcome.complete(Result(catching: body))
        }
    }

    deinit {
        guard !isJoined.withLock({ $0 }) else { return }
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Blocks until the thread has ended; returns or throws its result.
    public func join() throws(Failure) -> Success {
        isJoined.withLock { isJoined in
            guard !isJoined else { return }
            let error = pthread_join(thread, nil)
            precondition(error == 0, "a worker tried to join itself")
            isJoined = true
        }
        guard let result = outcome.result else { preconditionFailure("a thread left no result") }
        return try result.get()
    }

    /// Result of the thread, once it has ended; waiting blocks no thread.
    public var value: Success {
        get async throws(Failure) {
            await end()
            return try join()
        }
    }

    /// Suspends until the body has ended, with whatever result; blocks no thread.
    public func end() async {
        await outcome.completion()
    }
}

/// Default stack size of a worker in bytes: 2 MiB.
public let defaultStackSize = 2 << 20

/// Error of a system that refuses another thread.
public struct WorkerError: Error, Hashable, CustomStringConvertible {
    /// Name of the thread.
    public let name: String
    /// Error number of the system.
    public let code: Int32

    /// Thread, cause and remedy.
    public var description: String {
        "Starting the thread '\(name)': the system refuses another one (error \(code)). "
            + "Try a higher limit of processes (ulimit -u) or fewer threads."
    }
}

/// Result of a thread, and the tasks that await it.
private final class Outcome<Success: Sendable, Failure: Error>: Sendable {
    private struct State: Sendable {
        var result: Result<Success, Failure>?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())

    var result: Result<Success, Failure>? { state.withLock { $0.result } }

    func complete(_ result: Result<Success, Failure>) {
        let waiting = state.withLock { state in
            state.result = result
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func completion() async {
        await withCheckedContinuation { continuation in
            let isComplete = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result != nil
            }
            if isComplete { continuation.resume() }
        }
    }
}

/// Name and body of a thread that is being started.
private final class ThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

private func startThread(
    name: String, stackSize: Int, body: @escaping @Sendable () -> Void
) throws(WorkerError) -> pthread_t {
    precondition(stackSize >= 64 << 10, "a stack under 64 KiB")
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackSize)
    // SAFETY: retained here, released by the thread; or here, when there will be no thread.
    let start = unsafe Unmanaged.passRetained(ThreadStart(name: name, body: body))
    var thread = pthread_t()
    let error = unsafe pthread_create(&thread, &attributes, runThread, start.toOpaque())
    guard error == 0 else {
        unsafe start.release()
        throw WorkerError(name: name, code: error)
    }
    return thread
}

/// First function of a new thread: sets its name and runs its body.
private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    // SAFETY: the pointer is the one that `startThread` retained for this thread.
    let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    nameThisThread(shortened(start.name))
    start.body()
    return nil
}

/// Lowers the priority of the calling thread, and of threads that it starts from now on.
///
/// Call on early stages: the encoder then runs first, so its queue drains and never blocks them.
public func lowerPriority() {
    // On Linux the priority belongs to the thread. Lowering it needs no privilege; failure is
    // harmless.
    _ = nice(5)
}

/// Names the calling thread through procfs: glibc's function is not visible to Swift.
///
/// The name is only a help for debugging; a failure is ignored.
private func nameThisThread(_ name: String) {
    let file = unsafe open("/proc/thread-self/comm", O_WRONLY)
    guard file >= 0 else { return }
    unsafe _ = write(file, name, name.utf8.count)
    close(file)
}

/// Longest prefix of a name that Linux accepts for a thread: 15 bytes, no partial characters.
func shortened(_ name: String) -> String {
    var short = name
    while short.utf8.count > 15 { short.removeLast() }
    return short
}
