internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Glibc

/// Connections that wait, for what their visitors send or take: where too many do, the one that has waited longest is cut.
///
/// Visitors who send next to nothing neither keep others out nor use up the descriptors that cameras need.
final class BoundedPool: AsyncSocketPool {
    private struct Wait: Sendable {
        let number: Int
        let file: Int32
    }

    private struct State: Sendable {
        /// The longest first.
        var waits: [Wait] = []
        var begun = 0
    }

    /// Connections that may wait at once.
    static let limit = 128
    /// Bytes that may lie unread for a connection, and are still read of one who has been cut; Linux grants twice as many.
    static let unread: Int32 = 4 << 10
    /// Bytes that may wait to be taken: a visitor who takes few at a time is seen to take, and gets pictures of now.
    private static let untaken: Int32 = 128 << 10
    private let pool: any AsyncSocketPool = HTTPServer.defaultPool()
    private let visits: ClientUsage
    private let state = Lock(State())

    init(_ visits: ClientUsage) { self.visits = visits }

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        guard let peer = try? socket.remotePeer() else {
            // It listens, or has lost its visitor. What is set here holds for all whom a listener lets in.
            try? socket.setValue(Self.unread, for: .receiveBufferSize)
            try? socket.setValue(Self.untaken, for: .sendBufferSize)
            return try await pool.suspendSocket(socket, untilReadyFor: events)
        }
        let isTaking = events.contains(.write)
        if isTaking { visits.note(.make(from: peer), isTaking: true) }
        let number = begin(socket.file.rawValue)
        defer {
            state.withLock { $0.waits.removeAll { $0.number == number } }
            if isTaking { visits.note(.make(from: peer), isTaking: false) }
        }
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }

    private func begin(_ file: Int32) -> Int {
        state.withLock { state in
            state.begun += 1
            state.waits.append(Wait(number: state.begun, file: file))
            if state.waits.count > Self.limit {
                // Whoever waits still holds its descriptor; it wakes, finds the end, and closes it.
                shutdown(state.waits.removeFirst().file, Int32(SHUT_RDWR))
            }
            return state.begun
        }
    }
}
