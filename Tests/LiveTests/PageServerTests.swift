import Foundation
import Glibc
import Pipeline
import TestSupport
import Testing

@testable import Live

/// The page before visitors who mean ill.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct PageServerTests {
    /// A connection on which nothing, or not enough, is ever sent.
    private func silentVisitor(_ port: UInt16) -> Int32 {
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
        _ = unsafe send(handle, "GET", 3, Int32(MSG_NOSIGNAL))
        return handle
    }

    private func isOpen(_ handle: Int32) -> Bool {
        var byte: UInt8 = 0
        return unsafe recv(handle, &byte, 1, Int32(MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }

    @Test func visitorsWhoSayNothingKeepNobodyOut() throws {
        var page = LiveDescription().page
        page.address = "127.0.0.1:0"
        let handler = PageHandler(
            cameras: [], desk: EventDesk(wantsPictures: false), snapshots: nil, token: nil)
        let server = try PageServer(PageAddress(page), handler: handler)
        defer { server.stop() }
        let port = try #require(URL(string: server.url)?.port)
        let visitors = (0..<300).map { _ in silentVisitor(UInt16(port)) }
        defer { visitors.forEach { close($0) } }
        #expect(WebPage.get(server.url).status == 200)
        let end = Date(timeIntervalSinceNow: 5)
        while visitors.count(where: isOpen) > BoundedPool.limit && Date() < end { usleep(10_000) }
        let open = visitors.count(where: isOpen)
        #expect(open > BoundedPool.limit / 2 && open <= BoundedPool.limit, "\(open)")
        #expect(isOpen(visitors[299]) && !isOpen(visitors[0]))
    }
}
