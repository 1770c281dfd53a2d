internal import Foundation
internal import Glibc
internal import Synchronization

/// TCP server on an address of this machine whose answers a test writes byte by byte.
public final class RawServer: Sendable {
    /// One connection.
    public struct Client: Sendable {
        fileprivate let handle: Int32

        /// Sends bytes; false if the client is gone.
        @discardableResult
        public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        /// Sends bytes; false if the client is gone.
        @discardableResult
        public func send(_ bytes: [UInt8]) -> Bool {
            var done = 0
            while done < bytes.count {
                let count = unsafe bytes.withUnsafeBytes { bytes in
                    unsafe Glibc.send(
                        handle, bytes.baseAddress?.advanced(by: done), bytes.count - done,
                        Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }

        /// Waits for bytes; nil at the end.
        public func receive() -> String? {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = unsafe recv(handle, &bytes, bytes.count, 0)
            return count > 0 ? String(decoding: bytes[0..<count], as: UTF8.self) : nil
        }
    }

    /// Port.
    public let port: UInt16
    private let handle: Int32
    private let received = Mutex<[String]>([])

    /// Listens on a free port of 127.0.0.`last`; each request is answered on a thread of its own.
    public init(last: UInt32 = 1, _ answer: @escaping @Sendable (Client, String) -> Void) throws {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = (0x7F00_0000 | last).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(handle, generic, size) | listen(handle, 16)
                    | getsockname(handle, generic, &size)
            }
        }
        guard code == 0 else { throw Media.Failure(message: "no socket") }
        self.handle = handle
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(handle, nil, nil)
                guard connection >= 0 else { return }
                self?.received.withLock { $0.append("") }
                Thread.detachNewThread { [weak self] in
                    defer { close(connection) }
                    let client = Client(handle: connection)
                    while let text = client.receive() {
                        self?.received.withLock { $0.append(text) }
                        answer(client, text)
                    }
                }
            }
        }
    }

    /// Everything received so far; an empty text for each connection.
    public var requests: [String] { received.withLock { $0 } }

    deinit {
        shutdown(handle, Int32(SHUT_RDWR))
        close(handle)
    }

    /// Answer to an RTSP request, with its number.
    public static func rtsp(_ request: String, _ status: String, _ lines: String...) -> String {
        let number = request.split(separator: "\r\n").first { $0.hasPrefix("CSeq") } ?? "CSeq: 1"
        return (["RTSP/1.0 \(status)", String(number)] + lines).joined(separator: "\r\n")
            + "\r\n\r\n"
    }
}
