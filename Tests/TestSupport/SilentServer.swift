internal import Glibc

/// Server that accepts connections and sends nothing.
public final class SilentServer {
    /// Loopback port.
    public let port: UInt16
    private var handle: Int32

    /// Listens on a free port.
    public init() throws {
        handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let handle = handle
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(handle, generic, size) | listen(handle, 4)
                    | getsockname(handle, generic, &size)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard code == 0 else { throw Media.Failure(message: "no socket") }
    }

    /// Frees the port.
    public func close() {
        guard handle >= 0 else { return }
        Glibc.close(handle)
        handle = -1
    }

    deinit { close() }
}
