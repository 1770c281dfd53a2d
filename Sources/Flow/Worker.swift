import Glibc

/// A dedicated thread with a name, which is always joined and hands its result over.
///
/// Work that blocks or burns for long belongs here and not on Swift's cooperative threads. The last
/// reference to a worker joins its thread, so that no thread outlives its handle: close whatever the
/// thread may wait for before letting go.
public final class Worker<Success: Sendable, Failure: Error>: Sendable {
    private let thread: pthread_t
    private let outcome = Outcome<Success, Failure>()
    private let isJoined = Lock(false)

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: shown by debuggers and `top -H`; Linux keeps the first 15 bytes.
    ///   - stackSize: bytes of address space for the stack; memory is used only as touched.
    ///   - body: what the thread does; it is destroyed, with all it captured, on that thread.
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

    /// Blocks until the thread has ended and yields what it returned or threw.
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

    /// What the thread returned or threw, once it has ended; waiting blocks no thread.
    public var value: Success {
        get async throws(Failure) {
            await end()
            return try join()
        }
    }

    /// Returns when the body has ended, with whatever result; waiting blocks no thread.
    public func end() async {
        await outcome.completion()
    }
}

/// Bytes of stack for a worker unless it asks for another size: 2 MiB.
public let defaultStackSize = 2 << 20

/// The system refused another thread.
public struct WorkerError: Error, Hashable, CustomStringConvertible {
    /// The thread's name.
    public let name: String
    /// The system's error number.
    public let code: Int32

    /// What was refused, why, and what to try.
    public var description: String {
        "Starting the thread '\(name)': the system refuses another one (error \(code)). "
            + "Try a higher limit of processes (ulimit -u) or fewer threads."
    }
}

/// Where a thread leaves its result and wakes those who await it.
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

/// What a new thread needs before it can run Swift code.
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

/// A new thread's first function: takes its name and runs its body.
private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    // SAFETY: the pointer is the one that `startThread` retained for this thread.
    let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
    nameThisThread(shortened(start.name))
    start.body()
    return nil
}

/// Lets threads of ordinary priority have a core before the calling thread, and those that it starts from now on.
///
/// For stages that others wait behind: where a later stage always finds a core, an earlier one always finds room for what
/// it makes, and no core idles. Idle cores are used as before.
public func giveWayToLaterStages() {
    // On Linux a priority is a thread's. Lowering it is allowed to everyone; where it fails, nothing is lost.
    _ = nice(5)
}

/// Names the calling thread, by Linux's own file for that: glibc's function is hidden from Swift.
///
/// A name is a help for people who look; where it cannot be set, the thread runs without.
private func nameThisThread(_ name: String) {
    let file = unsafe open("/proc/thread-self/comm", O_WRONLY)
    guard file >= 0 else { return }
    unsafe _ = write(file, name, name.utf8.count)
    close(file)
}

/// The longest beginning of a name that Linux accepts for a thread: 15 bytes, no half characters.
func shortened(_ name: String) -> String {
    var short = name
    while short.utf8.count > 15 { short.removeLast() }
    return short
}
