import Foundation
import Synchronization

/// Debian's GStreamer RTSP server as a second, independent camera.
public final class GStreamerCamera: @unchecked Sendable {
    // SAFETY of `@unchecked Sendable`: the process is reached by one test only, from one thread at
    // a time.
    private var process = Process()
    private let arguments: [String]
    /// Port.
    public let port: UInt16

    /// Address.
    public var address: String { "rtsp://127.0.0.1:\(port)/camera" }

    /// Servers to kill when the tests end.
    private static let running = Mutex<[Int32]>([])
    private static let cleaning: Void = {
        atexit { GStreamerCamera.running.withLock { for one in $0 { kill(one, SIGKILL) } } }
    }()
    private static let python = "/usr/bin/python3"
    private static let script = Shared.root
        .appendingPathComponent("Tests/TestSupport/gstreamer_camera.py").path

    /// True if the server can be started here; prints a message otherwise.
    public static let isThere: Bool = {
        let question =
            "import gi; gi.require_version('GstRtspServer', '1.0'); "
            + "from gi.repository import Gst; Gst.init(None); "
            + "assert all(map(Gst.ElementFactory.find, ['qtdemux', 'h264parse', 'rtph264pay']))"
        let isThere = Program.run(python, ["-c", question]).status == 0
        if !isThere {
            print("SKIPPED: GStreamer's RTSP server is not installed (.ci/install tests)")
        }
        return isThere
    }()

    /// Serves H.264 or HEVC from an mp4, and its AAC if `audio` is true; port 0 takes any free one.
    public init(
        _ file: String, port: UInt16 = 0, audio: Bool = false, isHEVC: Bool = false
    ) throws {
        self.port = try port == 0 ? LoopbackSocket.listening(port: 0).port : port
        arguments =
            [Self.script, file, String(self.port)] + (audio ? ["sound"] : [])
            + (isHEVC ? ["hevc"] : [])
        try start()
    }

    /// Starts again on the same port, unless it is running.
    public func start() throws {
        guard !process.isRunning else { return }
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let identifier = process.processIdentifier
        Self.running.withLock { $0.append(identifier) }
        _ = Self.cleaning
        guard output.fileHandleForReading.availableData.starts(with: Data("ready".utf8)) else {
            throw LoopbackSocket.Failure(message: "GStreamer's RTSP server did not start")
        }
    }

    /// Kills the server, like a power failure.
    public func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let identifier = process.processIdentifier
        Self.running.withLock { $0.removeAll { $0 == identifier } }
    }

    /// Stops or resumes the whole process.
    public func freeze(_ isFrozen: Bool) {
        kill(process.processIdentifier, isFrozen ? SIGSTOP : SIGCONT)
    }
}
