import ArgumentParser
import Flow
import Foundation
import Pipeline

/// Ends the program with a sentence on standard error and one of the documented exit codes.
func failure(_ reason: ExitReason, _ message: String) -> ExitCode {
    try? FileHandle.standardError.write(contentsOf: Data("thunderline: \(message)\n".utf8))
    return ExitCode(reason.rawValue)
}

/// Does a command's work, which Ctrl-C and SIGTERM end properly; what goes wrong is said and becomes the exit code.
func perform<Result>(
    isQuiet: Bool = false, _ work: (Console) throws(RunError) -> Result
) throws -> Result {
    StopSignal.installHandlers()
    let console = Console(isQuiet: isQuiet, isTerminal: isatty(STDERR_FILENO) == 1)
    do throws(RunError) {
        return try work(console)
    } catch {
        throw failure(error.reason, error.message)
    }
}
