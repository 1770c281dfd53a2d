import ArgumentParser
import Foundation
import Pipeline

/// Ends the program with a sentence on standard error and one of the documented exit codes.
func failure(_ reason: ExitReason, _ message: String) -> ExitCode {
    FileHandle.standardError.write(Data("thunderline: \(message)\n".utf8))
    return ExitCode(reason.rawValue)
}
