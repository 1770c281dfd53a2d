import ArgumentParser
import Configuration
import Foundation
import Pipeline

/// `thunderline check`: says what is wrong with a pipeline file, or what it means.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a pipeline file and prints what it means, every default spelled out.",
        discussion: """
            Examples:
              thunderline check Pipelines/dashcam.yaml
              thunderline check mine.yaml --set output.crf=18
              thunderline check --schema > thunderline.schema.json
            """)

    @Argument(help: "A pipeline file; - is standard input.", completion: .file())
    var file: String?
    @Option(name: .customLong("set"), help: "key=value, applied after the file; repeatable.")
    var overrides: [String] = []
    @Flag(help: "Print the JSON Schema of pipeline files, for editors.")
    var schema = false

    func validate() throws {
        if file == nil && !schema { throw ValidationError("Name a pipeline file.") }
    }

    func run() throws {
        if schema { return print(PipelineSchema.json, terminator: "") }
        guard let file else { return }
        print(PipelineText.yaml(try PipelineFile.load(file, overrides).content), terminator: "")
    }
}

extension PipelineFile {
    /// Reads a definition from disk, ending the program with its problems if there are any.
    static func load(_ path: String, _ overrides: [String]) throws -> PipelineFile {
        let text: String
        do throws(RunError) {
            text = try TextInput.read(path)
        } catch {
            throw failure(error.reason, error.message)
        }
        do throws(Problems) {
            return try PipelineFile(text, name: path, overrides: overrides)
        } catch {
            throw failure(.usage, error.description)
        }
    }
}
