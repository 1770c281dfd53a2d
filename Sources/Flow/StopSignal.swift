import Glibc
import Synchronization

/// Urgency of a request to stop.
public enum StopRequest: Int, Comparable, Sendable {
    /// No request.
    case none = 0
    /// Finish properly: read no more, drain, close files.
    case finish = 1
    /// Stop at once: leave files as they are.
    case atOnce = 2

    /// Orders by urgency.
    public static func < (left: StopRequest, right: StopRequest) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Flag that asks a run to stop: the first request to finish properly, the second to stop at once.
///
/// Sources check it between frames, and FFmpeg's interrupt callback inside blocking calls.
public final class StopSignal: Sendable {
    private let requests = Atomic(0)

    /// Creates a separate signal, for tests and for programs that stop for other reasons.
    public init() {}

    /// Present request.
    public var request: StopRequest {
        StopRequest(rawValue: min(requests.load(ordering: .acquiring), 2)) ?? .atOnce
    }

    /// True once a stop was requested.
    public var isRequested: Bool { request != .none }

    /// Requests a stop, or a more urgent one; safe inside a signal handler.
    public func ask() {
        requests.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }

    /// Signal raised by SIGINT (Ctrl-C), SIGTERM and SIGHUP once their handler is installed.
    public static let interrupt = StopSignal()

    /// Makes SIGINT, SIGTERM and SIGHUP (a terminal that is closed) raise ``interrupt`` instead of ending
    /// the program; a SIGHUP that the parent ignores (`nohup`) stays ignored.
    ///
    /// The first one finishes properly. The second ends the program from inside the handler, with
    /// the usual exit code 128 + signal number: no thread can delay it. Blocking system calls
    /// continue after the first (`SA_RESTART`), as FFmpeg expects.
    public static func installHandlers() {
        // Initialises the object before the handler can run: that allocates, which handlers must
        // not.
        _ = interrupt.request
        var action = sigaction()
        unsafe sigemptyset(&action.sa_mask)
        action.sa_flags = SA_RESTART
        unsafe action.__sigaction_handler.sa_handler = { number in
            StopSignal.interrupt.ask()
            if StopSignal.interrupt.request == .atOnce { _exit(128 + number) }
        }
        unsafe sigaction(SIGINT, &action, nil)
        unsafe sigaction(SIGTERM, &action, nil)
        if !isIgnored(SIGHUP) { unsafe sigaction(SIGHUP, &action, nil) }
        unblock()
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        unsafe sigaction(signal, nil, &action)
        // Function pointers are not equatable in Swift.
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Makes a file that reaches a limit on its size (`ulimit -f`) an error of writing it, instead of the end of
    /// the program (SIGXFSZ).
    public static func ignoreFileSizeLimit() { ignore(SIGXFSZ) }

    /// Makes writing to a closed connection an error instead of the end of the program (SIGPIPE).
    public static func ignoreBrokenPipes() { ignore(SIGPIPE) }

    private static func ignore(_ signal: Int32) {
        var action = sigaction()
        unsafe sigemptyset(&action.sa_mask)
        unsafe action.__sigaction_handler.sa_handler = SIG_IGN
        unsafe sigaction(signal, &action, nil)
    }

    /// Unblocks these signals: a parent may have started this program with them blocked.
    private static func unblock() {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGHUP)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
