internal import Flow
internal import Foundation
internal import Glibc

/// Runs a shell's command for each event, with the event's line on its standard input.
///
/// Bounded: so many at once, and each for so long; an event that finds all places taken is passed over and counted.
final class EventCommand: Sendable {
    /// Commands that run side by side.
    static let limit = 4

    private let command: String
    /// Seconds after which a command, with all that it started, is killed.
    private let patience: Double
    private let state = Lock(State())

    private struct State: Sendable {
        /// What runs, or is about to, by a number of ours: the system uses its numbers again.
        var running: [Int: Process] = [:]
        var next = 0
        var skipped = 0
        var failed = 0
    }

    init(_ command: String, patience: Double = 10) {
        self.command = command
        self.patience = patience
    }

    /// Events that found all places taken.
    var skipped: Int { state.withLock { $0.skipped } }
    /// Commands that could not be started, were killed, or ended with another code than 0.
    var failed: Int { state.withLock { $0.failed } }
    /// What has gone wrong, in sentences for the end of a run.
    var troubles: [String] {
        let (skipped, failed) = state.withLock { ($0.skipped, $0.failed) }
        return [(skipped, "found all places taken"), (failed, "failed, or took too long")]
            .filter { $0.0 > 0 }.map { "Commands for events: \($0.0) \($0.1)." }
    }
    /// Commands under way.
    var runningCount: Int { state.withLock { $0.running.count } }

    /// Starts the command with a line; returns at once.
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
        process.standardInput = Self.pipe(holding: line)
        process.standardOutput = FileHandle.standardError
        process.terminationHandler = { [self] process in
            ended(number, wasFine: process.terminationStatus == 0)
        }
        do {
            try process.run()
        } catch {
            ended(number, wasFine: false)
            return
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) { Self.kill(process) }
    }

    /// Kills what still runs.
    func finish() {
        for process in state.withLock({ Array($0.running.values) }) { Self.kill(process) }
    }

    /// A line fits into the pipe, so that nothing waits for a command that does not read.
    private static func pipe(holding line: String) -> Pipe {
        let pipe = Pipe()
        try? pipe.fileHandleForWriting.write(contentsOf: Data(line.utf8))
        try? pipe.fileHandleForWriting.close()
        return pipe
    }

    private func ended(_ number: Int, wasFine: Bool) {
        state.withLock { state in
            state.running[number] = nil
            if !wasFine { state.failed += 1 }
        }
    }

    /// The process leads a group of its own, in which all that it started is.
    private static func kill(_ process: Process) {
        guard process.isRunning else { return }
        let identifier = process.processIdentifier
        if Glibc.kill(-identifier, SIGKILL) != 0 { _ = Glibc.kill(identifier, SIGKILL) }
    }
}
