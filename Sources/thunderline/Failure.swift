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

/// Prints text to standard output, without secrets of addresses or characters that steer a terminal.
func say(_ text: String, terminator: String = "\n") {
    print(visibleLines(redacted(text)), terminator: terminator)
}

/// Prints JSON to standard output, without characters that steer a terminal.
func sayJSON(_ text: String) { print(visibleJSON(text)) }

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
