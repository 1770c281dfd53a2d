internal import Foundation
internal import Glibc

/// Real mosquitto broker on loopback, which a test kills, freezes and starts again.
public final class Mosquitto {
    /// True when broker and client are installed; prints a message when they are not.
    public static let isInstalled: Bool = {
        let search =
            "PATH=$PATH:/usr/sbin; for name in mosquitto mosquitto_sub openssl; do command -v $name; done"
        let found = Program.run("sh", ["-c", search])
        let lines = String(decoding: found.text, as: UTF8.self).split(separator: "\n")
        if lines.count < 3 { print("SKIPPED: no mosquitto (.ci/install tests)") }
        return lines.count >= 3
    }()

    /// Port.
    public let port: Int
    private let scratch: Scratch
    private let configuration: String
    private var process: Process?

    /// Starts a broker with lines added to its configuration.
    ///
    /// Without lines everybody may connect. One that is saved keeps sessions and retained messages when it is killed.
    public init(
        _ lines: [String] = ["allow_anonymous true"], isSaved: Bool = false,
        port: Int = Mosquitto.freePort
    ) throws {
        self.port = port
        scratch = try Scratch()
        let saving = [
            "persistence true", "persistence_location \(scratch.url.path)/",
            "autosave_on_changes true", "autosave_interval 1",
        ]
        let all =
            (isSaved ? saving : []) + ["max_queued_messages 0"] + [
                "user \(NSUserName())", "listener \(port) 127.0.0.1",
            ] + lines
        configuration = try scratch.write("broker.conf", all.joined(separator: "\n") + "\n")
        try start()
    }

    deinit { kill() }

    /// Starts the broker, again after ``kill()``, and waits until it listens.
    public func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["PATH=/usr/sbin:/usr/bin:/bin", "mosquitto", "-c", configuration]
        let log = FileManager.default.createFile(atPath: scratch.path("log"), contents: nil)
        process.standardError = log ? FileHandle(forWritingAtPath: scratch.path("log")) : nil
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        self.process = process
        var attempts = 0
        while attempts < 500, !Self.isListening(port) {
            attempts += 1
            usleep(10_000)
        }
    }

    /// Log of the broker since its last start.
    public var log: String {
        (try? String(contentsOfFile: scratch.path("log"), encoding: .utf8)) ?? ""
    }

    /// Kills the broker without a word to its clients.
    public func kill() {
        guard let process, process.isRunning else { return }
        // A stopped process takes the signal when it is continued.
        Glibc.kill(process.processIdentifier, SIGKILL)
        Glibc.kill(process.processIdentifier, SIGCONT)
        process.waitUntilExit()
        self.process = nil
    }

    /// Freezes the broker: connections stay, and nothing is answered.
    public func freeze() { if let process { Glibc.kill(process.processIdentifier, SIGSTOP) } }

    /// Ends ``freeze()``.
    public func thaw() { if let process { Glibc.kill(process.processIdentifier, SIGCONT) } }

    /// Port that nobody listens on.
    public static var freePort: Int {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(handle, generic, size) | getsockname(handle, generic, &size)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }

    private static func isListening(_ port: Int) -> Bool {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = loopback(port)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe connect(handle, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// `mosquitto_sub` beside a broker: what another client sees.
public final class MosquittoObserver {
    /// Received message.
    public struct Message: Hashable {
        /// Topic.
        public let topic: String
        /// Payload as text.
        public let payload: String
        /// True for a message that the broker held before the subscription.
        public let isRetained: Bool
    }

    private let scratch: Scratch
    private let process: Process

    /// Subscribes to topics; a session with a name is kept by the broker while nobody listens.
    public init(
        port: Int, topics: [String] = ["#"], session: String? = nil, options: [String] = []
    ) throws {
        scratch = try Scratch()
        try scratch.write("out", "")
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let named = session.map { ["-c", "-i", $0] } ?? []
        process.arguments =
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", "\(port)", "-q", "1", "-F", "%r\t%t\t%p"]
            + named + options + topics.flatMap { ["-t", $0] }
        process.standardOutput = FileHandle(forWritingAtPath: scratch.path("out"))
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { end() }

    /// Ends the subscription.
    public func end() {
        guard process.isRunning else { return }
        // SIGTERM is blocked in the test runner, which its children inherit.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Messages received so far.
    public var messages: [Message] {
        // Snapshots are JPEG, no UTF-8.
        let bytes = (try? Data(contentsOf: URL(fileURLWithPath: scratch.path("out")))) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            return Message(
                topic: String(parts[1]), payload: String(parts[2]), isRetained: parts[0] == "1")
        }
    }

    /// Newest payload of each topic.
    public var values: [String: String] {
        Dictionary(messages.map { ($0.topic, $0.payload) }, uniquingKeysWith: { $1 })
    }
}
