public import Foundation

/// Other programs that tests make their input with, or compare with.
public enum Program {
    /// What a program printed and how it ended.
    public struct Output: Sendable {
        /// 0 for success; −1 when it could not be started.
        public let status: Int32
        /// What it wrote to standard output.
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
