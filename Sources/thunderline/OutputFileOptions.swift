import ArgumentParser
import Foundation
import Pipeline

/// The one file that a command writes.
struct OutputFileOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")], help: "The file to write.",
        completion: .file())
    var output: String
    @Flag(help: "Replace the file if it exists.")
    var overwrite = false

    /// Refuses before any work what could not be written after it.
    func check() throws {
        if !overwrite && FileManager.default.fileExists(atPath: output) {
            throw failure(
                .notWritable, "Writing \(output): it exists. Use --overwrite to replace it.")
        }
        let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw failure(
                .notWritable,
                "Writing \(output): its folder does not exist or may not be written to.")
        }
    }
}
