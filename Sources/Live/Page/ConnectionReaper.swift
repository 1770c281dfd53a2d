internal import CSystem
internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

/// Cuts visitors of the page who cost too much.
///
/// It has a thread of its own, since such visitors hold those on which the server runs. The server does not say which
/// connections it has accepted, so they are looked for among the process's descriptors.
final class ConnectionReaper: Sendable {
    private let signals = Signals()
    private let worker: Worker<Void, Never>

    private final class Signals: Sendable {
        let isOver = Atomic(false)
        let parker = Parker(spins: 0)
    }

    /// Nanoseconds between two rounds.
    private static let pause: UInt64 = 100_000_000

    /// Begins to go round all connections to a port of this process.
    init(port: UInt16, _ visits: ClientUsage) throws(WorkerError) {
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

    private static func goRound(_ port: UInt16, _ visits: ClientUsage) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return }
        var connected: [ClientUsage.Visitor: Int32] = [:]
        for file in names.compactMap(Int32.init) {
            guard let visitor = visitor(on: file, port) else { continue }
            if let other = connected.updateValue(file, forKey: visitor) {
                // From one port to two of our addresses: nobody who means well, and one would be taken for the other.
                for file in [other, file] { cut(file, visitor, port) { _ in true } }
            } else {
                cut(file, visitor, port) { copy in
                    visits.isTooMuch(visitor, bytes: cs_bytes_received(copy))
                }
            }
        }
        visits.keep(Set(connected.keys))
    }

    /// Who is connected to the port by a descriptor; nil where it is anything else.
    private static func visitor(on file: Int32, _ port: UInt16) -> ClientUsage.Visitor? {
        let socket = Socket(file: .init(rawValue: file))
        switch try? socket.sockname() {
        case .ip4(_, port), .ip6(_, port): return (try? socket.remotePeer()).map { .make(from: $0) }
        default: return nil
        }
    }

    /// Cuts a connection where need be; the server finds the end and closes the descriptor.
    private static func cut(
        _ file: Int32, _ visitor: ClientUsage.Visitor, _ port: UInt16,
        where isTooMuch: (Int32) -> Bool
    ) {
        // The descriptor may have come to mean something else: the copy cannot.
        let copy = fcntl(file, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return }
        defer { close(copy) }
        if Self.visitor(on: copy, port) == visitor && isTooMuch(copy) { cs_reset(copy) }
    }
}
