import Foundation
import Synchronization

/// Pretended RTSP camera on this machine, with the faults of its script.
///
/// Serves until it is stopped or the process ends, even without references. Each connection is a
/// session, numbered from 0, with its own script.
public final class CameraServer: Sendable {
    /// Port; the same after a restart.
    public let port: UInt16
    private let script: @Sendable (Int) -> CameraScript
    private let state = Mutex(State())
    private let isFrozen = Atomic(false)

    private struct State {
        var listener: LoopbackSocket?
        var sessions: [CameraSession] = []
        var begun = 0
        var requests: [String] = []
        var playedAt: Double?
    }

    /// Starts a camera; `script` describes each session.
    public init(_ script: @escaping @Sendable (Int) -> CameraScript) throws {
        self.script = script
        let listener = try LoopbackSocket.listening(port: 0)
        port = listener.port
        serve(listener)
    }

    /// Starts a camera whose sessions are all alike.
    public convenience init(_ script: CameraScript) throws { try self.init { _ in script } }

    /// Address, with credentials if given.
    public func address(_ credentials: String = "") -> String {
        let login = credentials.isEmpty ? "" : credentials + "@"
        return "rtsp://\(login)127.0.0.1:\(port)/camera"
    }

    /// Number of connections so far.
    public var sessions: Int { state.withLock { $0.begun } }

    /// Methods of all requests so far, in order.
    public var requests: [String] { state.withLock { $0.requests } }

    /// Start of playback in the latest session, in seconds of the monotonic clock; nil before the
    /// first.
    public var playedAt: Double? { state.withLock { $0.playedAt } }

    /// Stops: all connections break, and new ones are refused.
    public func stop() {
        let (listener, sessions) = state.withLock { state in
            defer {
                state.listener = nil
                state.sessions = []
            }
            return (state.listener, state.sessions)
        }
        listener?.shutDown()
        for session in sessions { session.end() }
    }

    /// Starts again on the same port.
    public func start() throws { serve(try LoopbackSocket.listening(port: port)) }

    /// Freezes or resumes: while frozen, nothing is sent, read or answered.
    public func freeze(_ isFrozen: Bool) { self.isFrozen.store(isFrozen, ordering: .releasing) }

    /// Waits while frozen.
    func pause() { while isFrozen.load(ordering: .acquiring) { usleep(10_000) } }

    func note(_ request: String) {
        state.withLock { state in
            state.requests.append(request)
            if request == "PLAY" { state.playedAt = ProcessInfo.processInfo.systemUptime }
        }
    }

    private func serve(_ listener: LoopbackSocket) {
        state.withLock { $0.listener = listener }
        Thread.detachNewThread {
            while let connection = listener.accepted() {
                self.pause()
                self.begin(connection)
            }
        }
    }

    private func begin(_ connection: LoopbackSocket) {
        let session = state.withLock { state -> CameraSession in
            let session = CameraSession(connection, script(state.begun), self)
            state.begun += 1
            state.sessions.append(session)
            return session
        }
        Thread.detachNewThread {
            session.run()
            self.state.withLock { $0.sessions.removeAll { $0 === session } }
        }
    }
}
