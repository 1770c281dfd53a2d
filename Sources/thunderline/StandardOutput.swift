import ArgumentParser
import Foundation
import Pipeline

/// Output for other programs and for people who asked for it.
enum StandardOutput {
    /// Writes text, or ends the program if the system refuses.
    static func write(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            let error = RunError("Writing to standard output", writing: error)
            let code = failure(error.reason, error.message)
            exit(code.rawValue)
        }
    }
}
