internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

/// Cuts the page's visitors who keep the server reading and never come to an end.
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

    /// Nanoseconds between two rounds.
    private static let pause: UInt64 = 250_000_000

    /// Begins to go round all connections to a port of this process.
    init(port: UInt16, _ reading: ReadingTime) throws(WorkerError) {
        worker = try Worker<Void, Never>(name: "page-patrol") { [signals] in
            while !signals.parker.wait(
                deadline: MonotonicClock.system.now + Self.pause,
                until: { signals.isOver.load(ordering: .acquiring) })
            { Self.goRound(port, reading) }
        }
    }

    /// Returns when the last round has ended.
    func stop() {
        signals.isOver.store(true, ordering: .releasing)
        signals.parker.wake()
        worker.join()
    }

    private static func goRound(_ port: UInt16, _ reading: ReadingTime) {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        var connected: [ReadingTime.Visitor: Int32] = [:]
        for file in (names ?? []).compactMap(Int32.init) {
            if let visitor = visitor(on: file, port) { connected[visitor] = file }
        }
        for visitor in reading.overdue(among: connected.keys) {
            if let file = connected[visitor] { cut(file, of: visitor, port) }
        }
    }

    /// Who is connected to the port by a descriptor; nil where it is anything else.
    private static func visitor(on file: Int32, _ port: UInt16) -> ReadingTime.Visitor? {
        let socket = Socket(file: .init(rawValue: file))
        switch try? socket.sockname() {
        case .ip4(_, port), .ip6(_, port): return (try? socket.remotePeer()).map { .make(from: $0) }
        default: return nil
        }
    }

    /// Ends a connection and drops what it has sent; the server finds the end and closes the descriptor.
    private static func cut(_ file: Int32, of visitor: ReadingTime.Visitor, _ port: UInt16) {
        // The descriptor may have come to mean something else: the copy cannot.
        let copy = fcntl(file, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return }
        defer { close(copy) }
        let socket = Socket(file: .init(rawValue: copy))
        guard Self.visitor(on: copy, port) == visitor, (try? socket.socketType) == .stream else {
            return
        }
        shutdown(copy, Int32(SHUT_RDWR))
        // What has arrived already could still be read: connecting to nowhere throws it away.
        var nowhere = sockaddr_in()
        nowhere.sin_family = sa_family_t(AF_UNSPEC)
        try? socket.connect(to: nowhere)
    }
}
