internal import Flow
internal import Foundation
internal import Glibc

/// Runs a shell command for each event, with the event's line on standard input.
///
/// Bounded in number and time; an event above the limit is skipped and counted.
final class EventCommand: Sendable {
    /// Largest number of concurrent commands.
    static let limit = 4

    private let command: String
    private let environment: [String: String]
    /// Seconds after which a command, with all its children, is killed.
    private let timeout: Double
    private let state = Lock(State())

    private struct State: Sendable {
        /// Running commands by a number that is never reused, unlike process identifiers.
        var running: [Int: Process] = [:]
        var next = 0
        var skipped = 0
        var failed = 0
    }

    /// Prepares a command that inherits all variables but those with `secrets`.
    init(_ command: String, withholding secrets: Set<String> = [], timeout: Double = 10) {
        self.command = command
        environment = ProcessInfo.processInfo.environment.filter { !secrets.contains($0.key) }
        self.timeout = timeout
    }

    /// Events that were skipped, since too many commands were running.
    var skipped: Int { state.withLock { $0.skipped } }
    /// Commands that could not be started, were killed, or exited with an error.
    var failed: Int { state.withLock { $0.failed } }
    /// Warnings for the end of a run.
    var warnings: [String] {
        let (skipped, failed) = state.withLock { ($0.skipped, $0.failed) }
        return [
            (skipped, "were skipped, since \(Self.limit) were running"),
            (failed, "failed, or took too long"),
        ].filter { $0.0 > 0 }.map { "Commands for events: \($0.0) \($0.1)." }
    }
    /// Number of running commands.
    var runningCount: Int { state.withLock { $0.running.count } }

    /// Starts the command with a line on standard input; returns at once.
    func run(_ line: String) {
        let process = Process()
        let number = state.withLock { state -> Int? in
            guard state.running.count < Self.limit else {
                state.skipped += 1
                return nil
            }
            state.next += 1
            state.running[state.next] = process
            return state.next
        }
        guard let number else { return }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = environment
        process.standardInput = Self.pipe(holding: line)
        process.standardOutput = FileHandle.standardError
        process.terminationHandler = { [self] process in
            ended(number, hasSucceeded: process.terminationStatus == 0)
        }
        do {
            try process.run()
        } catch {
            ended(number, hasSucceeded: false)
            return
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout) { Self.kill(process) }
    }

    /// Kills all running commands.
    func finish() {
        for process in state.withLock({ Array($0.running.values) }) { Self.kill(process) }
    }

    /// Pipe with a line in its buffer, so that nothing waits for a command that does not read.
    private static func pipe(holding line: String) -> Pipe {
        let pipe = Pipe()
        try? pipe.fileHandleForWriting.write(contentsOf: Data(line.utf8))
        try? pipe.fileHandleForWriting.close()
        return pipe
    }

    private func ended(_ number: Int, hasSucceeded: Bool) {
        state.withLock { state in
            state.running[number] = nil
            if !hasSucceeded { state.failed += 1 }
        }
    }

    /// Kills the process group of a command, which contains its children.
    private static func kill(_ process: Process) {
        guard process.isRunning else { return }
        let identifier = process.processIdentifier
        if Glibc.kill(-identifier, SIGKILL) != 0 { _ = Glibc.kill(identifier, SIGKILL) }
    }
}
