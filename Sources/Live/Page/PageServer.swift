internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Pipeline

/// The page on its address, for as long as a run lasts.
final class PageServer: Sendable {
    /// Where the page is found.
    let url: String
    private let task: Task<Void, Never>
    private let patrol: ConnectionReaper

    /// Begins to serve.
    ///
    /// - Throws: A `RunError` when the address cannot be had.
    init(_ address: PageAddress, handler: PageHandler) throws(RunError) {
        // A visitor may leave in the middle of a picture.
        StopSignal.ignoreBrokenPipes()
        let outcome = Lock<Result<UInt16, any Error>?>(nil)
        task = Task.detached {
            var port = address.port
            while !Task.isCancelled {
                do {
                    try await Self.serve(address, port, handler) { port in
                        outcome.withLock { $0 = .success(port) }
                    }
                } catch {
                    outcome.withLock { if $0 == nil { $0 = .failure(error) } }
                }
                guard case .success(let taken)? = outcome.withLock({ $0 }) else { return }
                port = taken
                // The server gives up where the process runs out of descriptors, for one: cut all and begin anew.
                try? await Task.sleep(for: .seconds(1))
            }
        }
        let parker = Parker(spins: 0)
        let end = MonotonicClock.system.now + 5_000_000_000
        while MonotonicClock.system.now < end, outcome.withLock({ $0 == nil }) {
            parker.wait(deadline: MonotonicClock.system.now + 5_000_000) { false }
        }
        guard case .success(let port)? = outcome.withLock({ $0 }) else {
            task.cancel()
            if case .failure(let error as RunError)? = outcome.withLock({ $0 }) { throw error }
            throw RunError(
                .notWritable,
                "Serving the page on \(address.host):\(address.port): the address is taken, "
                    + "or is not this machine's. Choose another with --page.")
        }
        do {
            patrol = try ConnectionReaper(port: port, handler.visits)
        } catch {
            task.cancel()
            throw RunError(.failed, "Serving the page: \(error)")
        }
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        url = "http://\(host):\(port)/"
    }

    /// Stops serving; connections are cut.
    func stop() {
        task.cancel()
        patrol.stop()
    }

    private static func serve(
        _ address: PageAddress, _ port: UInt16, _ handler: PageHandler,
        onListening: @escaping @Sendable (UInt16) -> Void
    ) async throws {
        let server = try Self.server(address, port, handler)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                try await server.waitUntilListening()
                onListening(await Self.port(of: server))
            }
            while try await group.next() != nil {}
        }
    }

    private static func server(
        _ address: PageAddress, _ port: UInt16, _ handler: PageHandler
    ) throws(RunError) -> HTTPServer {
        do {
            return address.host.contains(":")
                ? server(try .inet6(ip6: address.host, port: port), handler)
                : server(try .inet(ip4: address.host, port: port), handler)
        } catch {
            throw RunError(
                .usage, "The page's host \(address.host) must be an address in numbers.")
        }
    }

    private static func server(
        _ address: some SocketAddress, _ handler: PageHandler
    ) -> HTTPServer {
        // Bodies are refused, and need no room.
        let configuration = HTTPServer.Configuration(
            address: address, sharedRequestReplaySize: 4096, pool: BoundedPool(handler.visits),
            logger: .disabled)
        return HTTPServer(config: configuration, handler: handler)
    }

    private static func port(of server: HTTPServer) async -> UInt16 {
        switch await server.listeningAddress {
        case .ip4(_, let port): port
        case .ip6(_, let port): port
        default: 0
        }
    }
}
