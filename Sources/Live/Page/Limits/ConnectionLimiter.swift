internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Glibc

/// Bounds the number of connections that wait to receive or send: above it, the one that has waited
/// longest is closed.
///
/// Clients that send hardly anything then neither block others nor use up the descriptors that cameras need. See the
/// page "Limits of the page's clients".
final class ConnectionLimiter: AsyncSocketPool {
    private struct WaitingConnection: Sendable {
        let number: Int
        let file: Int32
    }

    private struct State: Sendable {
        /// Longest wait first.
        var waiting: [WaitingConnection] = []
        var count = 0
    }

    /// Largest number of waiting connections.
    static let limit = 128
    /// Size of the receive buffer in bytes; Linux doubles it.
    ///
    /// Bounds what is still read from a client that was cut.
    static let receiveBuffer: Int32 = 4 << 10
    /// Size of the send buffer in bytes: small, so that slow clients are noticed and get recent frames.
    private static let sendBuffer: Int32 = 128 << 10
    private let pool: any AsyncSocketPool = HTTPServer.defaultPool()
    private let usage: ClientUsage
    private let state = Lock(State())

    init(_ usage: ClientUsage) { self.usage = usage }

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        guard let peer = try? socket.remotePeer() else {
            // A listening socket, or one whose client has left. Accepted sockets inherit these.
            try? socket.setValue(Self.receiveBuffer, for: .receiveBufferSize)
            try? socket.setValue(Self.sendBuffer, for: .sendBufferSize)
            return try await pool.suspendSocket(socket, untilReadyFor: events)
        }
        let isSending = events.contains(.write)
        if isSending { usage.setSending(to: .make(from: peer), isWaiting: true) }
        let number = begin(socket.file.rawValue)
        defer {
            state.withLock { $0.waiting.removeAll { $0.number == number } }
            if isSending { usage.setSending(to: .make(from: peer), isWaiting: false) }
        }
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }

    private func begin(_ file: Int32) -> Int {
        state.withLock { state in
            state.count += 1
            state.waiting.append(WaitingConnection(number: state.count, file: file))
            if state.waiting.count > Self.limit {
                // The waiting task still holds the descriptor; it wakes, finds the end and closes it.
                shutdown(state.waiting.removeFirst().file, Int32(SHUT_RDWR))
            }
            return state.count
        }
    }
}
