import ArgumentParser
import Flow
import Foundation
import Pipeline
import Video

/// Prints an error and returns its exit code, to be thrown.
func failure(_ reason: ExitReason, _ message: String) -> ExitCode {
    Console(isQuiet: false, isTerminal: false).error(message)
    return ExitCode(reason.rawValue)
}

/// Prints several errors, a line each, and returns their exit code, to be thrown.
func failure(_ reason: ExitReason, _ messages: [String]) -> ExitCode {
    Console(isQuiet: false, isTerminal: false).error(messages)
    return ExitCode(reason.rawValue)
}

/// Prints text to standard output, without secrets of addresses or characters that steer a terminal.
func say(_ text: String, terminator: String = "\n") {
    StandardOutput.write(visibleLines(redacted(text)) + terminator)
}

/// Prints JSON to standard output, without characters that steer a terminal.
func sayJSON(_ text: String) { StandardOutput.write(visibleJSON(text) + "\n") }

/// End of a run: its error, its last lines for people, and its exit code.
struct RunEnd {
    let failure: RunError?
    let lines: [String]
    let reason: ExitReason
}

/// Runs a command like `perform`, prints how it ended, and throws the exit code unless it succeeded.
func performRun(isQuiet: Bool, _ work: (Console) throws(RunError) -> RunEnd) throws {
    let reason = try perform(isQuiet: isQuiet) { console throws(RunError) in
        let end = try work(console)
        if let failure = end.failure { console.error(failure.message) }
        for line in end.lines { console.info(line) }
        return end.reason
    }
    if reason != .done { throw ExitCode(reason.rawValue) }
}

/// Runs a command's work, which Ctrl-C, SIGTERM and SIGHUP stop in order; an error is printed and becomes the exit code.
func perform<Result>(
    isQuiet: Bool = false, _ work: (Console) throws(RunError) -> Result
) throws -> Result {
    StopSignal.installHandlers()
    StopSignal.ignoreFileSizeLimit()
    let console = Console(isQuiet: isQuiet, isTerminal: isatty(STDERR_FILENO) == 1)
    do throws(RunError) {
        return try work(console)
    } catch {
        throw failure(error.reason, error.message)
    }
}
