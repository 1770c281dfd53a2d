import Flow
import Foundation
import Glibc
import Pipeline
import Synchronization
import TestSupport
import Testing

@testable import Live

/// The page before visitors who mean ill.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct PageServerTests {
    /// A connection on which something has been sent.
    private func visitor(_ port: UInt16, _ start: String) -> Int32 {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        _ = unsafe send(handle, start, start.utf8.count, Int32(MSG_NOSIGNAL))
        return handle
    }

    /// A page of one camera that shows nothing of its own.
    private func page() throws -> (PageServer, port: UInt16, Camera) {
        var page = LiveDescription().page
        page.address = "127.0.0.1:0"
        let settings = try AnalyseSettings(DetectDescription())
        let camera = Camera(
            CameraDescription(name: "gate", source: "rtsp://host/"), settings,
            eventClasses: settings.classNames.map { _ in true }, seat: 0)
        let handler = PageHandler(
            cameras: [camera], desk: EventDesk(wantsPictures: false), snapshots: nil, token: nil)
        let server = try PageServer(PageAddress(page), handler: handler)
        return (server, UInt16(try #require(URL(string: server.url)?.port)), camera)
    }

    /// Sends a beginning, and then one piece again and again; false when it was cut before the time was over.
    private func insists(
        _ port: UInt16, _ start: String, _ piece: String, seconds: Double, pause: UInt32 = 0
    ) -> Bool {
        let handle = visitor(port, start)
        defer { close(handle) }
        let (end, bytes) = (Date(timeIntervalSinceNow: seconds), Array(piece.utf8))
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

    @Test func visitorsWhoSayNothingKeepNobodyOut() throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let visitors = (0..<300).map { _ in visitor(port, "GET") }
        defer { visitors.forEach { close($0) } }
        #expect(WebPage.get(server.url).status == 200)
        let end = Date(timeIntervalSinceNow: 5)
        while visitors.count(where: isOpen) > BoundedPool.limit && Date() < end { usleep(10_000) }
        let open = visitors.count(where: isOpen)
        #expect(open > BoundedPool.limit / 2 && open <= BoundedPool.limit, "\(open)")
        #expect(isOpen(visitors[299]) && !isOpen(visitors[0]))
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nX: ", "aaaaaaaa"), ("GET / HTTP/1.1\r\n", "X: 1\r\n"),
        (
            "GET /healthz HTTP/1.1\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nX: ",
            "aaaaaaaa"
        ),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "aaaaaaaa"),
    ])
    func headersAndBodiesWithoutAnEndAreCut(_ start: String, _ piece: String) throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let long = String(repeating: piece, count: 512)
        #expect(!insists(port, start, long, seconds: 20), "without a pause")
        #expect(!insists(port, start, long, seconds: 20, pause: 10_000), "with pauses")
        #expect(WebPage.get(server.url).status == 200)
    }

    @Test func whatLiesUnreadOfAVisitorWhoHasGoneKeepsNobodyOut() throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let piece = [UInt8](repeating: 97, count: 1 << 16)
        for _ in 0..<4 {
            let handle = visitor(port, "GET / HTTP/1.1\r\nX: ")
            for _ in 0..<64 {
                _ = unsafe send(handle, piece, piece.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            var reset = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(
                handle, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
            close(handle)
        }
        let start = Date()
        #expect(WebPage.get(server.url).status == 200)
        #expect(Date().timeIntervalSince(start) < 5)
    }

    @Test func visitorsWhoComeAgainAndAgainHaveNobodyElseCut() throws {
        let (server, port, _) = try page()
        defer { server.stop() }
        let isOver = Atomic(false)
        let long = String(repeating: "a", count: 1 << 16)
        let attackers = try (0..<2).map { _ in
            try Worker<Void, Never>(name: "attacker") {
                while !isOver.load(ordering: .relaxed) {
                    _ = insists(port, "GET / HTTP/1.1\r\nX: ", long, seconds: 1)
                }
            }
        }
        for _ in 0..<10 { #expect(WebPage.get(server.url).status == 200) }
        isOver.store(true, ordering: .relaxed)
        for attacker in attackers { attacker.join() }
    }

    @Test func whoeverIsSentPicturesOrWaitsStays() throws {
        let (server, port, camera) = try page()
        defer { server.stop() }
        let watcher = visitor(port, "GET /cameras/gate.mjpeg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        let waiting = visitor(port, "GET / HTTP/1.1\r\n")
        defer { for handle in [watcher, waiting] { close(handle) } }
        var (received, bytes) = (0, [UInt8](repeating: 0, count: 1 << 16))
        for _ in 0..<30 {
            usleep(100_000)
            camera.display.show(
                Data(repeating: 7, count: 1 << 15), arrival: MonotonicClock.system.now)
            received += unsafe max(recv(watcher, &bytes, bytes.count, Int32(MSG_DONTWAIT)), 0)
        }
        #expect(received > 20 << 15)
        #expect(isOpen(waiting))
    }
}
