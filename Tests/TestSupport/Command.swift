public import Foundation
internal import Synchronization

/// Runs a program to its end, with a time limit, and captures its output.
public struct Command: Sendable {
    /// Result of a program.
    public struct Ended: Sendable {
        /// Exit code, or the negative number of the signal that ended it.
        public let status: Int32
        /// Bytes of standard output.
        public let data: Data
        /// Text of standard error.
        public let standardError: String

        /// Standard output as text.
        public var output: String { String(decoding: data, as: UTF8.self) }
        /// Lines of standard output.
        public var lines: [String] { output.split(separator: "\n").map(String.init) }
        /// True if a signal ended it, which is always a defect of the program.
        public var crashed: Bool { status < 0 }
    }

    /// Program path or name, followed by its first arguments.
    public var words: [String]
    /// Working folder.
    public var folder: URL?
    /// Environment variables added to those of this process.
    public var environment: [String: String] = [:]
    /// Seconds after which it is killed; shows as signal 9.
    public var patience = 60.0

    /// Creates a command; a name without a path is looked up in `PATH`.
    public init(_ words: [String], folder: URL? = nil) {
        self.words = words
        self.folder = folder
    }

    /// Starts the program with its output in files, for tests that end it themselves.
    public func start(
        _ arguments: [String], output: FileHandle, standardError: FileHandle, input: URL?
    )
        throws -> Process
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words + arguments
        process.currentDirectoryURL = folder
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        process.standardOutput = output
        process.standardError = standardError
        process.standardInput =
            try input.map(FileHandle.init(forReadingFrom:))
            ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs the program to its end; `during` may act on it meanwhile.
    public func run(
        _ arguments: [String] = [], input: URL? = nil, during: (Process) throws -> Void = { _ in }
    ) throws -> Ended {
        let scratch = try Scratch()
        let (out, err) = (scratch.path("out"), scratch.path("err"))
        for path in [out, err] { try Data().write(to: URL(fileURLWithPath: path)) }
        let process = try start(
            arguments, output: try FileHandle(forWritingTo: URL(fileURLWithPath: out)),
            standardError: try FileHandle(forWritingTo: URL(fileURLWithPath: err)), input: input)
        let identifier = process.processIdentifier
        let watchdog = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: watchdog)
        try during(process)
        process.waitUntilExit()
        watchdog.cancel()
        let status = process.terminationStatus
        return Ended(
            status: process.terminationReason == .uncaughtSignal ? -status : status,
            data: try Data(contentsOf: URL(fileURLWithPath: out)),
            standardError: String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: err)), as: UTF8.self))
    }
}
