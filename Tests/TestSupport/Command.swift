public import Foundation
internal import Synchronization

/// A program of the system, or ours, as tests run it: to its end, within a time, with all that it said.
public struct Command: Sendable {
    /// How a program ended.
    public struct Ended: Sendable {
        /// The exit code, or the negative number of the signal that ended it.
        public let status: Int32
        /// Bytes of standard output.
        public let data: Data
        /// Text of standard error.
        public let complaint: String

        /// Standard output as text.
        public var output: String { String(decoding: data, as: UTF8.self) }
        /// Lines of standard output.
        public var lines: [String] { output.split(separator: "\n").map(String.init) }
        /// True when a signal ended it, which for ours is always a defect.
        public var crashed: Bool { status < 0 }
    }

    /// A program's path or name, with its first arguments.
    public var words: [String]
    /// The folder it runs in.
    public var folder: URL?
    /// Variables set on top of ours.
    public var environment: [String: String] = [:]
    /// Seconds after which it is killed, which shows as signal 9.
    public var patience = 60.0

    /// A program that is looked up in `PATH` unless its name is a path.
    public init(_ words: [String], folder: URL? = nil) {
        self.words = words
        self.folder = folder
    }

    /// Starts the program with its output into files in a fresh place, for tests that end it themselves.
    public func start(_ arguments: [String], output: FileHandle, complaint: FileHandle, input: URL?)
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
        process.standardError = complaint
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
            complaint: try FileHandle(forWritingTo: URL(fileURLWithPath: err)), input: input)
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
            complaint: String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: err)), as: UTF8.self))
    }
}
