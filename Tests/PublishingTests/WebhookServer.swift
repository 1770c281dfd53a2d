import FlyingFox
import FlyingSocks
import Foundation
import Synchronization
import TestSupport

/// HTTP server on loopback whose answers a test writes; the requests are kept.
final class WebhookServer: Sendable {
    /// Received request.
    struct Received: Sendable {
        let path: String
        let headers: [String: String]
        let body: String

        var number: Int? { eventNumbers([body]).first }
        var id: String { headers["webhook-id"] ?? "" }
    }

    /// Answer to a request: a status with headers, or none for as long as the test lasts.
    enum Answer: Sendable {
        case status(Int, [String: String] = [:])
        case hang
    }

    private let server: HTTPServer
    private let task: Task<Void, any Error>
    private let store: Store
    let port: Int

    private final class Store: Sendable {
        let requests = Mutex<[Received]>([])
        let active = Mutex((now: 0, most: 0))
    }

    /// Starts the server.
    init(_ answer: @escaping @Sendable (Received) -> Answer) throws {
        let port = Mosquitto.freePort
        let store = Store()
        let server = HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: UInt16(port)), logger: .disabled)
        (self.port, self.store, self.server) = (port, store, server)
        task = Task {
            await server.appendRoute("*") { request in
                store.active.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                defer { store.active.withLock { $0.now -= 1 } }
                let received = try await Self.received(request)
                store.requests.withLock { $0.append(received) }
                switch answer(received) {
                case .status(let code, let headers):
                    return HTTPResponse(
                        statusCode: HTTPStatusCode(code, phrase: "Status"),
                        headers: HTTPHeaders(
                            headers.map { (HTTPHeader($0.key), $0.value) }.reduce(into: [:]) {
                                $0[$1.0] = $1.1
                            }))
                case .hang:
                    try await Task.sleep(for: .seconds(60))
                    return HTTPResponse(statusCode: .ok)
                }
            }
            try await server.run()
        }
        wait { isReady }
    }

    private var isReady: Bool {
        (try? FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/tcp")).readToEnd())
            .map { String(decoding: $0, as: UTF8.self) }?
            .contains(String(format: "0100007F:%04X 00000000:0000 0A", port)) ?? false
    }

    deinit { task.cancel() }

    private static func received(_ request: HTTPRequest) async throws -> Received {
        let headers = request.headers.map { ($0.key.rawValue.lowercased(), $0.value) }
        return Received(
            path: request.path, headers: Dictionary(headers, uniquingKeysWith: { $1 }),
            body: String(decoding: try await request.bodyData, as: UTF8.self))
    }

    /// Requests so far.
    var requests: [Received] { store.requests.withLock { $0 } }
    /// Largest number of requests at one time.
    var mostAtOnce: Int { store.active.withLock { $0.most } }
}
