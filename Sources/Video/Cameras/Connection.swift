internal import Dispatch
internal import Synchronization

/// Reader of one connection to a live source.
///
/// SAFETY of `@unchecked Sendable`: one thread uses the reader at a time. A lock hands it from the
/// opening thread to the reading thread; starting the closing thread hands it on. The other holders
/// do not touch the reader after that.
final class Connection: @unchecked Sendable {
    /// The reader; nil after teardown.
    var reader: VideoReader?

    init(_ reader: consuming VideoReader) { self.reader = consume reader }

    /// Closes the connection on the current thread.
    func close() { reader = nil }
}

/// Opens and closes connections on detached threads that may block.
///
/// FFmpeg does not call its interrupt callback while it resolves a host name, and teardown of a
/// dead connection may block as long as a read. The number of blocked threads per source is
/// bounded; at the limit no new attempt is made.
final class ConnectionOpener: Sendable {
    /// Maximum number of blocked threads per source.
    static let limit = 4
    /// Seconds beyond the open deadline before an attempt is abandoned.
    private static let grace = 1.0

    private let blocked = Mutex(0)

    /// Opens a source within its deadline.
    ///
    /// Throws the reader's error, or one of kind ``VideoError/Kind/timedOut``.
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
                .timedOut,
                "\(doing): earlier attempts are still blocked. Check the host name and the network."
            )
        }
        let end = DispatchTime.now() + options.deadlines.open + Self.grace
        while DispatchTime.now() < end && !stop() {
            if let result = attempt.result(within: 0.05) { return try result.get() }
        }
        if let result = attempt.abandon() { return try result.get() }
        if stop() { throw VideoError(.stopped, "\(doing): stopped as asked.") }
        throw VideoError(
            .timedOut,
            "\(doing): no answer in time. Check the host name, that the source is on, and that it can be reached."
        )
    }

    /// Closes a connection on a detached thread.
    ///
    /// At the limit of blocked threads, closes it here, within the deadline for closing.
    func close(_ connection: Connection) {
        if !begin({ connection.close() }) { connection.close() }
    }

    /// Number of detached threads still running.
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

/// State of a connection attempt, shared by the opening and the waiting thread.
private final class Attempt: Sendable {
    private enum State {
        case underWay
        case done(Result<Connection, VideoError>)
        case taken
        case abandoned
    }

    private let state = Mutex(State.underWay)
    private let completion = DispatchSemaphore(value: 0)

    /// True if the waiting thread gave up.
    var isAbandoned: Bool {
        state.withLock { if case .abandoned = $0 { true } else { false } }
    }

    /// Stores the result; drops it, closing the connection here, if the attempt was abandoned.
    func finish(_ result: Result<Connection, VideoError>) {
        state.withLock { state in
            if case .underWay = state { state = .done(result) }
        }
        completion.signal()
    }

    /// Waits for the result for at most `seconds`; returns it once.
    func result(within seconds: Double) -> Result<Connection, VideoError>? {
        guard completion.wait(timeout: .now() + seconds) == .success else { return nil }
        return abandon()
    }

    /// Gives the attempt up; returns the result if it is already there.
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
