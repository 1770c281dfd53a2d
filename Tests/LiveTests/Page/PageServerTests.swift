import Flow
import Foundation
import Glibc
import Pipeline
import Synchronization
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// The page's server under attack.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct PageServerTests {
    /// Connection on which something has been sent.
    private func client(
        _ port: UInt16, _ start: String, from own: UInt16 = 0, to host: UInt32 = 0x7F00_0001
    ) -> Int32 {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var isShared: Int32 = 1
        _ = unsafe setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &isShared, 4)
        _ = unsafe with(address: 0x7F00_0001, own) { unsafe bind(handle, $0, $1) }
        _ = unsafe with(address: host, port) { unsafe connect(handle, $0, $1) }
        _ = unsafe send(handle, start, start.utf8.count, Int32(MSG_NOSIGNAL))
        return handle
    }

    private func with(
        address: UInt32, _ port: UInt16, _ work: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = address.bigEndian
        name.sin_port = port.bigEndian
        return unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe work($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Closes a connection with a reset.
    private func reset(_ handle: Int32) {
        var abrupt = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            handle, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
        close(handle)
    }

    /// Local port of a connection.
    private func ownPort(_ handle: Int32) -> UInt16 {
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(handle, $0, &length)
            }
        }
        return UInt16(bigEndian: name.sin_port)
    }

    /// Page of one camera that sends nothing.
    private func page(
        _ address: String = "127.0.0.1:0"
    ) throws -> (PageServer, port: UInt16, Camera) {
        var page = LiveDescription().page
        page.address = address
        page.tokenVariable = "TOKEN"
        let settings = try DetectionContext(DetectDescription())
        let camera = Camera(
            CameraDescription(name: "gate", source: "rtsp://host/"), settings,
            eventClasses: settings.classNames.map { _ in true }, index: 0)
        let handler = PageHandler(
            cameras: [camera], eventQueue: EventQueue(wantsFrames: false), snapshots: nil,
            token: nil)
        let place = try PageAddress(page, environment: ["TOKEN": "0123456789abcdef"])
        let server = try PageServer(place, handler: handler)
        return (server, UInt16(try #require(URL(string: server.url)?.port)), camera)
    }

    /// Sends a start, then one chunk repeatedly; false when the connection was cut before the time was
    /// over.
    private func keepsSending(
        _ port: UInt16, _ start: String, _ chunk: String, seconds: Double, pause: UInt32 = 0,
        from own: UInt16 = 0
    ) -> Bool {
        let handle = client(port, start, from: own)
        defer { close(handle) }
        let (end, bytes) = (Date(timeIntervalSinceNow: seconds), Array(chunk.utf8))
        while Date() < end {
            let sent = unsafe send(handle, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            guard sent > 0 || errno == EAGAIN else { return false }
            usleep(pause)
        }
        return true
    }

    private func isOpen(_ handle: Int32) -> Bool {
        var byte: UInt8 = 0
        return unsafe recv(handle, &byte, 1, Int32(MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }

    @Test func silentClientsDoNotKeepOthersOut() throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let clients = (0..<300).map { _ in client(port, "GET") }
        defer { clients.forEach { close($0) } }
        #expect(WebPage.get(server.url).status == 200)
        let end = Date(timeIntervalSinceNow: 5)
        while clients.count(where: isOpen) > ConnectionLimiter.limit && Date() < end {
            usleep(10_000)
        }
        let open = clients.count(where: isOpen)
        #expect(open > ConnectionLimiter.limit / 2 && open <= ConnectionLimiter.limit, "\(open)")
        #expect(isOpen(clients[299]) && !isOpen(clients[0]))
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nX: ", "aaaaaaaa"), ("GET / HTTP/1.1\r\n", "X: 1\r\n"),
        (
            "GET /healthz HTTP/1.1\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nX: ",
            "aaaaaaaa"
        ),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "aaaaaaaa"),
    ])
    func endlessHeadersAndBodiesAreCut(_ start: String, _ chunk: String) throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let long = String(repeating: chunk, count: 512)
        #expect(!keepsSending(port, start, long, seconds: 20), "without a pause")
        #expect(!keepsSending(port, start, long, seconds: 20, pause: 10_000), "with pauses")
        #expect(WebPage.get(server.url).status == 200)
    }

    @Test func unreadBytesOfADepartedClientDoNotBlockOthers() throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let piece = [UInt8](repeating: 97, count: 1 << 16)
        for _ in 0..<4 {
            let handle = client(port, "GET / HTTP/1.1\r\nX: ")
            for _ in 0..<64 {
                _ = unsafe send(handle, piece, piece.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            reset(handle)
        }
        let start = Date()
        #expect(WebPage.get(server.url).status == 200)
        #expect(Date().timeIntervalSince(start) < 5)
    }

    @Test(arguments: [0, 300_000])
    func anAbandonedStreamDoesNotShieldALaterConnectionFromItsPort(_ microseconds: UInt32) throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let stream = client(port, "GET /cameras/gate.mjpeg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        usleep(microseconds)
        let own = ownPort(stream)
        reset(stream)
        let long = String(repeating: "a", count: 4096)
        #expect(!keepsSending(port, "GET / HTTP/1.1\r\nX: ", long, seconds: 10, from: own))
    }

    @Test func reconnectingAttackersDoNotGetOthersCut() throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let isOver = Atomic(false)
        let long = String(repeating: "a", count: 1 << 16)
        let attackers = try (0..<2).map { _ in
            try Worker<Void, Never>(name: "attacker") {
                while !isOver.load(ordering: .relaxed) {
                    _ = keepsSending(port, "GET / HTTP/1.1\r\nX: ", long, seconds: 1)
                }
            }
        }
        for _ in 0..<5 { #expect(WebPage.get(server.url).status == 200) }
        isOver.store(true, ordering: .relaxed)
        for attacker in attackers { attacker.join() }
    }

    @Test(
        arguments: ["POST", "HEAD", "PUT"],
        ["Content-Length: 5000", "Content-Length: 20", "Transfer-Encoding: chunked"])
    func bodiesAreRefusedAndNeverParsedAsRequests(_ method: String, _ header: String) throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let hidden = "GET /page.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        let handle = client(
            port, "\(method) / HTTP/1.1\r\nHost: 127.0.0.1\r\n\(header)\r\n\r\n\(hidden)")
        defer { close(handle) }
        var (reply, bytes) = ("", [UInt8](repeating: 0, count: 1 << 12))
        let end = Date(timeIntervalSinceNow: 5)
        while Date() < end {
            let count = unsafe recv(handle, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count != 0 else { break }
            guard count > 0 else {
                usleep(1000)
                continue
            }
            reply += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        #expect(!isOpen(handle))
        #expect(reply.hasPrefix("HTTP/1.1 413 "))
        #expect(reply.contains("Connection: close"))
        #expect(reply.hasSuffix("\r\n\r\nRequest bodies are not accepted.\n"), "\(reply)")
    }

    @Test func pipelinedRequestsAreAllAnswered() throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let host = "HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        let long = "GET /healthz \(host)X: \(String(repeating: "a", count: 1000))\r\n\r\n"
        // The first response comes after two seconds, since the camera sends nothing.
        let handle = client(port, "GET /cameras/gate.jpg \(host)\r\n")
        defer { close(handle) }
        let requests = [UInt8](String(repeating: long, count: 60).utf8)
        let sender = try Worker<Void, Never>(name: "sender") {
            _ = unsafe send(handle, requests, requests.count, Int32(MSG_NOSIGNAL))
        }
        defer { sender.join() }
        var (replies, bytes) = ("", [UInt8](repeating: 0, count: 1 << 12))
        while replies.components(separatedBy: "HTTP/1.1 503").count <= 61 {
            let count = unsafe recv(handle, &bytes, bytes.count, 0)
            try #require(count > 0, "cut after \(replies.count) bytes")
            replies += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    @Test func twoConnectionsFromOnePortAreBothCut() throws {
        let (server, port, _) = try page("0.0.0.0:0")
        defer { server.stop() }
        let first = client(port, "GET / HTTP/1.1\r\n")
        let second = client(port, "GET / HTTP/1.1\r\n", from: ownPort(first), to: 0x7F00_0002)
        #expect(ownPort(second) == ownPort(first))
        defer { for handle in [first, second] { close(handle) } }
        let end = Date(timeIntervalSinceNow: 5)
        while isOpen(first) || isOpen(second), Date() < end { usleep(10_000) }
        #expect(!isOpen(first) && !isOpen(second))
    }

    @Test func streamsAndWaitingConnectionsAreNotCut() throws {
        let (server, port, camera) = try page()
        defer { server.stop() }
        let watcher = client(port, "GET /cameras/gate.mjpeg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        let waiting = client(port, "GET / HTTP/1.1\r\n")
        defer { for handle in [watcher, waiting] { close(handle) } }
        var (received, bytes) = (0, [UInt8](repeating: 0, count: 1 << 16))
        for _ in 0..<30 {
            usleep(100_000)
            camera.preview.show(
                Data(repeating: 7, count: 1 << 15), arrival: MonotonicClock.system.now)
            received += unsafe max(recv(watcher, &bytes, bytes.count, Int32(MSG_DONTWAIT)), 0)
        }
        #expect(received > 20 << 15)
        #expect(isOpen(waiting))
    }
}
