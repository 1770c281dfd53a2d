internal import Foundation

/// HTTP server of recordings and MJPEG cameras, in Python.
public final class WebSource {
    /// Form of an address.
    public enum Form: String, Sendable, CaseIterable {
        /// Images as parts.
        case parts
        /// Images as parts whose first has no boundary line.
        case unbounded
        /// Images one after another.
        case raw
    }

    private let process = Process()
    /// Loopback port.
    public let port: UInt16

    /// Serves the files of a folder, and the images of an MJPEG file at a rate.
    public init(_ folder: String, images: String, rate: Double = 10) throws {
        port = try LoopbackSocket.listening(port: 0).port
        let script = Shared.root.appendingPathComponent("Tests/TestSupport/web_source.py").path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script, folder, "\(port)", images, "\(rate)"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard output.fileHandleForReading.availableData.starts(with: Data("ready".utf8)) else {
            throw Media.Failure(message: "the web server did not start")
        }
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Address of a camera.
    public func camera(_ form: Form) -> String { "http://127.0.0.1:\(port)/\(form.rawValue)" }

    /// Address of a file, with its length or without.
    public func file(_ name: String, hasLength: Bool = true) -> String {
        "http://127.0.0.1:\(port)/\(hasLength ? "file" : "stream")/\(name)"
    }
}
