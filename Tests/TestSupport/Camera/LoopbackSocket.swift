import Foundation
import Glibc

/// Socket on the loopback interface; closed with its last reference.
final class LoopbackSocket: Sendable {
    let handle: Int32

    init(handle: Int32) { self.handle = handle }

    deinit { close(handle) }

    /// Failed socket operation.
    struct Failure: Error { let message: String }

    /// Listens for connections; port 0 takes any free one.
    static func listening(port: UInt16) throws -> LoopbackSocket {
        let made = LoopbackSocket(handle: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var yes: Int32 = 1
        unsafe setsockopt(
            made.handle, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        try made.bind(port: port)
        guard listen(made.handle, 16) == 0 else { throw Failure(message: "cannot listen") }
        return made
    }

    /// Opens a UDP socket; port 0 takes any free one.
    static func datagrams(port: UInt16 = 0) throws -> LoopbackSocket {
        let made = LoopbackSocket(handle: socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        try made.bind(port: port)
        return made
    }

    private func bind(port: UInt16) throws {
        let code = unsafe Self.with(port) { unsafe Glibc.bind(handle, $0, $1) }
        guard code == 0 else { throw Failure(message: "port \(port) is taken") }
    }

    /// Port.
    var port: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let handle = handle
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe getsockname(handle, $0, &size)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Next connection; nil after shutdown.
    func accepted() -> LoopbackSocket? {
        let connection = accept(handle, nil, nil)
        guard connection >= 0 else { return nil }
        var yes: Int32 = 1
        unsafe setsockopt(
            connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return LoopbackSocket(handle: connection)
    }

    /// True if data or the end arrive within `seconds`.
    func isReadable(within seconds: Double) -> Bool {
        var asked = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&asked, 1, Int32(max(seconds, 0) * 1000)) > 0
    }

    /// Received data; nil at the end.
    func received() -> Data? {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = unsafe recv(handle, &bytes, bytes.count, 0)
        return count > 0 ? Data(bytes[0..<count]) : nil
    }

    /// Sends all bytes; false if the peer is gone.
    func send(_ data: Data) -> Bool {
        var rest = data[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    handle, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Sends a packet to a port.
    func send(_ data: Data, to port: UInt16) {
        _ = unsafe Self.with(port) { address, size in
            unsafe data.withUnsafeBytes { bytes in
                unsafe Int32(
                    sendto(
                        handle, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL),
                        address, size))
            }
        }
    }

    /// Shuts down one or both directions; blocked calls return.
    func shutDown(_ direction: Int = Int(SHUT_RDWR)) { shutdown(handle, Int32(direction)) }

    private static func with(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
