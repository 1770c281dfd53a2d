import Glibc
import Synchronization

/// How urgently a run was asked to stop.
public enum StopRequest: Int, Comparable, Sendable {
    /// Not at all.
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

/// A flag that asks a run to stop: the first request to finish properly, the next to stop at once.
///
/// Sources read it between frames, and FFmpeg's interrupt callback reads it inside blocking calls.
public final class StopSignal: Sendable {
    private let requests = Atomic(0)

    /// A signal of its own, for tests and for programs that stop for other reasons.
    public init() {}

    /// How urgently to stop.
    public var request: StopRequest {
        StopRequest(rawValue: min(requests.load(ordering: .acquiring), 2)) ?? .atOnce
    }

    /// True once anything was asked for.
    public var isRequested: Bool { request != .none }

    /// Asks once more; safe inside a signal handler.
    public func ask() {
        requests.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }

    /// The signal that SIGINT (Ctrl-C) and SIGTERM raise once their handler is installed.
    public static let interrupt = StopSignal()

    /// Lets SIGINT and SIGTERM raise ``interrupt`` instead of ending the program.
    ///
    /// The first finishes properly. The second ends the program from inside the handler, with the
    /// exit code 128 + signal number that shells give to a program killed by that signal: no thread
    /// can hold it up. Blocking system calls go on after the first (`SA_RESTART`), as FFmpeg expects.
    public static func installHandlers() {
        // The handler must find the object made: making it allocates, which handlers must not.
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
        unblock()
    }

    /// Makes writing to a connection whose other end is gone an error in place of the program's end.
    public static func ignoreBrokenPipes() {
        var action = sigaction()
        unsafe sigemptyset(&action.sa_mask)
        unsafe action.__sigaction_handler.sa_handler = SIG_IGN
        unsafe sigaction(SIGPIPE, &action, nil)
    }

    /// A parent that starts programs from a thread with blocked signals leaves them blocked in its children.
    private static func unblock() {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
