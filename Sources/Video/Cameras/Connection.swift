internal import Dispatch
internal import Synchronization

/// One reader of a live source.
///
/// SAFETY of `@unchecked Sendable`: one thread uses the reader at a time. It goes from the thread that opens to the one
/// that reads through a lock, and from there to the thread that closes by starting it; whoever still holds the object
/// then touches the reader no more.
final class Connection: @unchecked Sendable {
    /// Nil after the farewell.
    var reader: VideoReader?

    init(_ reader: consuming VideoReader) { self.reader = consume reader }

    /// Says farewell on this thread, whoever else holds the object.
    func close() { reader = nil }
}

/// Opens and closes connections off the reader's thread, where they can be left behind.
///
/// FFmpeg asks the interrupt callback while it waits for bytes, but not while a name is resolved, and it says
/// farewell to a dead server as patiently as it reads from it. The number of threads left behind is bounded: while too
/// many hang, nothing new is attempted.
final class ConnectionOpener: Sendable {
    /// Attempts and farewells of one source that may hang at once.
    static let limit = 4
    /// Seconds beyond the reader's own deadline after which an attempt is left behind.
    private static let grace = 1.0

    private let blocked = Mutex(0)

    /// Opens a source within its deadline.
    ///
    /// Throws what the reader throws, or that the source did not answer in time.
    func open(
        _ source: String, _ options: ReaderOptions, stop: @escaping @Sendable () -> Bool
    ) throws(VideoError) -> Connection {
        let doing = "Reading \(redacted(source))"
        let attempt = Attempt()
        let isBegun = begin {
            attempt.finish(
                Result { () throws(VideoError) in
                    Connection(
                        try VideoReader(source, options: options) { stop() || attempt.isAbandoned })
                })
        }
        guard isBegun else {
            throw VideoError(
                .timedOut, "\(doing): earlier attempts still hang. Check its name and network.")
        }
        let end = DispatchTime.now() + options.deadlines.open + Self.grace
        while DispatchTime.now() < end && !stop() {
            if let result = attempt.result(within: 0.05) { return try result.get() }
        }
        if let result = attempt.abandon() { return try result.get() }
        if stop() { throw VideoError(.stopped, "\(doing): stopped as asked.") }
        throw VideoError(
            .timedOut,
            "\(doing): no answer in time. Check its name, that it is on, and that it can be reached."
        )
    }

    /// Closes a connection, however long that takes: here where too many hang already, within the deadline for closing.
    func close(_ connection: Connection) {
        if !begin({ connection.close() }) { connection.close() }
    }

    /// Threads that have not ended.
    var blockedCount: Int { blocked.withLock { $0 } }

    private func begin(_ body: @escaping @Sendable () -> Void) -> Bool {
        let isFree = blocked.withLock { blocked in
            guard blocked < Self.limit else { return false }
            blocked += 1
            return true
        }
        guard isFree else { return false }
        let isStarted = DetachedThread.run {
            body()
            self.blocked.withLock { $0 -= 1 }
        }
        if !isStarted { blocked.withLock { $0 -= 1 } }
        return isStarted
    }
}

/// An attempt to connect, seen from the thread that tries and the one that waits.
private final class Attempt: Sendable {
    private enum State {
        case underWay
        case done(Result<Connection, VideoError>)
        case taken
        case abandoned
    }

    private let state = Mutex(State.underWay)
    private let completion = DispatchSemaphore(value: 0)

    /// Nobody waits any more.
    var isAbandoned: Bool {
        state.withLock { if case .abandoned = $0 { true } else { false } }
    }

    /// Leaves the result, or lets it go where nobody waits: closing then happens on this thread.
    func finish(_ result: Result<Connection, VideoError>) {
        state.withLock { state in
            if case .underWay = state { state = .done(result) }
        }
        completion.signal()
    }

    /// The result, if it comes within some seconds; only once.
    func result(within seconds: Double) -> Result<Connection, VideoError>? {
        guard completion.wait(timeout: .now() + seconds) == .success else { return nil }
        return abandon()
    }

    /// Waits no longer; yields the result that came at the last moment.
    func abandon() -> Result<Connection, VideoError>? {
        state.withLock { state in
            guard case .done(let result) = state else {
                state = .abandoned
                return nil
            }
            state = .taken
            return result
        }
    }
}
