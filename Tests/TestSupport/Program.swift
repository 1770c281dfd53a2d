public import Foundation

/// Runs other programs that make input or references for tests.
public enum Program {
    /// Output of a program and its exit status.
    public struct Output: Sendable {
        /// Exit status; −1 if it could not be started.
        public let status: Int32
        /// Standard output.
        public let text: Data
    }

    /// Runs a program, found by name or path, to its end.
    public static func run(_ program: String, _ arguments: [String]) -> Output {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return Output(status: -1, text: Data()) }
        let text = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Output(status: process.terminationStatus, text: text)
    }
}
