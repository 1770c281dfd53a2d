internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

/// Cuts visitors of the page who cost too much.
///
/// It has a thread of its own, since such visitors hold those on which the server runs. The server does not say which
/// connections it has accepted, so they are looked for among the process's descriptors.
final class Patrol: Sendable {
    private let signals = Signals()
    private let worker: Worker<Void, Never>

    private final class Signals: Sendable {
        let isOver = Atomic(false)
        let parker = Parker(spins: 0)
    }

    /// Bytes that a connection has received: the 17th word of what Linux tells of one, since version 4.1.
    private struct BytesReceived: SocketOption {
        let level = Int32(IPPROTO_TCP)
        let name = TCP_INFO

        func makeValue(from words: InlineArray<17, UInt64>) -> UInt64 { words[16] }

        func makeSocketValue(from value: UInt64) -> InlineArray<17, UInt64> {
            .init(repeating: value)
        }
    }

    /// Whether closing drops what has not been sent or read, and tells the other end at once.
    private struct Abruptness: SocketOption {
        let name = SO_LINGER

        func makeValue(from value: linger) -> Bool { value.l_onoff != 0 && value.l_linger == 0 }

        func makeSocketValue(from value: Bool) -> linger {
            linger(l_onoff: value ? 1 : 0, l_linger: 0)
        }
    }

    /// Nanoseconds between two rounds.
    private static let pause: UInt64 = 100_000_000

    /// Begins to go round all connections to a port of this process.
    init(port: UInt16, _ visits: Visits) throws(WorkerError) {
        worker = try Worker<Void, Never>(name: "page-patrol") { [signals] in
            while !signals.parker.wait(
                deadline: MonotonicClock.system.now + Self.pause,
                until: { signals.isOver.load(ordering: .acquiring) })
            { Self.goRound(port, visits) }
        }
    }

    /// Returns when the last round has ended.
    func stop() {
        signals.isOver.store(true, ordering: .releasing)
        signals.parker.wake()
        worker.join()
    }

    private static func goRound(_ port: UInt16, _ visits: Visits) {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        var connected: [Visits.Visitor: Int32] = [:]
        for file in (names ?? []).compactMap(Int32.init) {
            guard let visitor = visitor(on: file, port) else { continue }
            guard let other = connected.updateValue(file, forKey: visitor) else { continue }
            // From one port to two of our addresses: nobody who means well, and one would be taken for the other.
            for file in [other, file] { look(file, visitor, port) { _ in true } }
        }
        let (suspects, stuck) = visits.overdue(among: connected.keys)
        for visitor in stuck { look(connected[visitor], visitor, port) { _ in true } }
        for visitor in suspects {
            look(connected[visitor], visitor, port) { socket in
                // Asking leaves some bytes behind: only suspects are asked for.
                let bytes = try? socket.getValue(for: BytesReceived())
                return visits.hasSentTooMuch(visitor, bytes: bytes ?? .max)
            }
        }
    }

    /// Who is connected to the port by a descriptor; nil where it is anything else.
    private static func visitor(on file: Int32, _ port: UInt16) -> Visits.Visitor? {
        let socket = Socket(file: .init(rawValue: file))
        switch try? socket.sockname() {
        case .ip4(_, port), .ip6(_, port): return (try? socket.remotePeer()).map { .make(from: $0) }
        default: return nil
        }
    }

    /// Looks at a connection, and cuts it where need be; the server finds the end and closes the descriptor.
    private static func look(
        _ file: Int32?, _ visitor: Visits.Visitor, _ port: UInt16, isTooMuch: (Socket) -> Bool
    ) {
        // The descriptor may have come to mean something else: the copy cannot.
        guard let file, case let copy = fcntl(file, F_DUPFD_CLOEXEC, 0), copy >= 0 else { return }
        defer { close(copy) }
        let socket = Socket(file: .init(rawValue: copy))
        guard Self.visitor(on: copy, port) == visitor, isTooMuch(socket) else { return }
        try? socket.setValue(true, for: Abruptness())
        shutdown(copy, Int32(SHUT_RDWR))
    }
}
