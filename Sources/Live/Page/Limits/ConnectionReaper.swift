internal import CSystem
internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Glibc
internal import Synchronization

/// Watchdog that closes connections of clients above their limits.
///
/// It has its own thread, since such clients may occupy those of the server. The server does
/// not list its connections, so they are found among the process's descriptors.
final class ConnectionReaper: Sendable {
    private let signals = Signals()
    private let worker: Worker<Void, Never>

    private final class Signals: Sendable {
        let isStopped = Atomic(false)
        let parker = Parker(spins: 0)
    }

    /// Nanoseconds between two checks.
    private static let interval: UInt64 = 100_000_000

    /// Starts to watch all connections to a port of this process.
    init(port: UInt16, _ usage: ClientUsage) throws(WorkerError) {
        worker = try Worker<Void, Never>(name: "page-reaper") { [signals] in
            while !signals.parker.wait(
                deadline: MonotonicClock.system.now + Self.interval,
                until: { signals.isStopped.load(ordering: .acquiring) })
            { Self.check(port, usage) }
        }
    }

    /// Stops watching and waits for the last check.
    func stop() {
        signals.isStopped.store(true, ordering: .releasing)
        signals.parker.wake()
        worker.join()
    }

    private static func check(_ port: UInt16, _ usage: ClientUsage) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return }
        var connected: [ClientUsage.Client: Int32] = [:]
        for file in names.compactMap(Int32.init) {
            guard let client = client(on: file, port) else { continue }
            if let other = connected.updateValue(file, forKey: client) {
                // One port connected to two of this machine's addresses: an attack, since usage is
                // counted by the client's address and port.
                for file in [other, file] { close(file, client, port) { _ in true } }
            } else {
                close(file, client, port) { copy in
                    usage.exceedsLimits(client, bytes: cs_bytes_received(copy))
                }
            }
        }
        usage.keep(Set(connected.keys))
    }

    /// Client connected to the port by a descriptor; nil for any other descriptor.
    private static func client(on file: Int32, _ port: UInt16) -> ClientUsage.Client? {
        let socket = Socket(file: .init(rawValue: file))
        switch try? socket.sockname() {
        case .ip4(_, port), .ip6(_, port): return (try? socket.remotePeer()).map { .make(from: $0) }
        default: return nil
        }
    }

    /// Resets a connection on a condition; the server then finds its end and closes the descriptor.
    private static func close(
        _ file: Int32, _ client: ClientUsage.Client, _ port: UInt16,
        where condition: (Int32) -> Bool
    ) {
        // The descriptor may be reused at any moment; a duplicate cannot change its meaning.
        let copy = fcntl(file, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { return }
        defer { Glibc.close(copy) }
        if Self.client(on: copy, port) == client && condition(copy) { cs_reset(copy) }
    }
}
