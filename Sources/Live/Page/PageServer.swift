internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Pipeline

/// Handler whose requests are counted by client, for the limits of connections.
protocol CountedHandler: HTTPHandler {
    /// Usage of the server by its clients.
    var usage: ClientUsage { get }
}

/// HTTP server of the page, for the duration of a run.
final class PageServer: Sendable {
    /// Address of the page.
    let url: String
    private let task: Task<Void, Never>
    private let reaper: ConnectionReaper

    /// Starts to serve.
    ///
    /// - Throws: A `RunError` when the address cannot be used.
    init(_ address: PageAddress, handler: any CountedHandler) throws(RunError) {
        // A client may leave while a frame is sent.
        StopSignal.ignoreBrokenPipes()
        let start = ServerStart()
        task = Self.serving(address, handler, start)
        do throws(RunError) {
            let port = try start.port(of: address)
            reaper = try Self.reaper(port, handler.usage)
            let host = address.host.contains(":") ? "[\(address.host)]" : address.host
            url = "http://\(host):\(port)/"
        } catch {
            task.cancel()
            throw error
        }
    }

    /// Starts a task that serves until it is cancelled, on the same port after each failure.
    private static func serving(
        _ address: PageAddress, _ handler: any CountedHandler, _ start: ServerStart
    ) -> Task<Void, Never> {
        Task.detached {
            var port = address.port
            while !Task.isCancelled {
                do {
                    try await serve(address, port, handler) { start.succeed(on: $0) }
                } catch {
                    start.fail(error)
                }
                guard let taken = start.takenPort else { return }
                port = taken
                // The server stops when the process runs out of descriptors, for one: restart it.
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private static func reaper(
        _ port: UInt16, _ usage: ClientUsage
    ) throws(RunError) -> ConnectionReaper {
        do {
            return try ConnectionReaper(port: port, usage)
        } catch {
            throw RunError(.failed, "Serving the page: \(error)")
        }
    }

    /// Stops serving and closes all connections.
    func stop() {
        task.cancel()
        reaper.stop()
    }

    private static func serve(
        _ address: PageAddress, _ port: UInt16, _ handler: any CountedHandler,
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
        _ address: PageAddress, _ port: UInt16, _ handler: any CountedHandler
    ) throws(RunError) -> HTTPServer {
        do {
            return address.host.contains(":")
                ? server(try .inet6(ip6: address.host, port: port), handler)
                : server(try .inet(ip4: address.host, port: port), handler)
        } catch {
            throw RunError(
                .usage, "The page's host \(address.host) must be a numeric IP address.")
        }
    }

    private static func server(
        _ address: some SocketAddress, _ handler: any CountedHandler
    ) -> HTTPServer {
        // Request bodies are refused and need no buffer.
        let configuration = HTTPServer.Configuration(
            address: address, sharedRequestReplaySize: 4096, pool: ConnectionLimiter(handler.usage),
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

/// Outcome of a server's start, for the thread that waits for it.
private final class ServerStart: Sendable {
    private let outcome = Lock<Result<UInt16, any Error>?>(nil)
    private let parker = Parker(spins: 0)
    /// Longest wait in nanoseconds.
    private static let timeout: UInt64 = 5_000_000_000

    /// Port in use; nil until the server listens.
    var takenPort: UInt16? { outcome.withLock { try? $0?.get() } }

    func succeed(on port: UInt16) {
        outcome.withLock { $0 = .success(port) }
        parker.wake()
    }

    /// Stores the error of the first start; later ones change nothing.
    func fail(_ error: any Error) {
        outcome.withLock { if $0 == nil { $0 = .failure(error) } }
        parker.wake()
    }

    /// Waits for the port.
    ///
    /// - Throws: A `RunError` when the server could not start in time.
    func port(of address: PageAddress) throws(RunError) -> UInt16 {
        parker.wait(deadline: MonotonicClock.system.now + Self.timeout) {
            outcome.withLock { $0 != nil }
        }
        switch outcome.withLock({ $0 }) {
        case .success(let port)?: return port
        case .failure(let error as RunError)?: throw error
        case .failure?, nil:
            throw RunError(
                .notWritable,
                "Serving the page on \(address.host):\(address.port): the address is in use, "
                    + "or not this machine's. Choose another with --page.")
        }
    }
}
