import ArgumentParser
import Pipeline

/// The one file that a command writes.
struct OutputFileOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")], help: "The file to write.",
        completion: .file())
    var output: String
    @Flag(help: "Replace the file if it exists.")
    var overwrite = false

    /// Checks, before any work, that its output can be written and is none of the files that are read.
    func check(apartFrom inputs: [String]) throws {
        do throws(RunError) {
            try checkWritable(output, overwrite: overwrite)
            try checkOutputs([output], apartFrom: inputs)
        } catch {
            throw failure(error.reason, error.message)
        }
    }
}
