import ArgumentParser
import Configuration
import Foundation
import Pipeline
import Video

/// `thunderline check`: reports the errors of a pipeline file, or prints it with every default.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a pipeline file and prints it with every default spelled out.",
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
        if schema { return StandardOutput.write(PipelineJSONSchema.json) }
        guard let file else { return }
        let text = PipelineText.yaml(try PipelineFile.load(file, overrides).content)
        say(text, terminator: "")
        if redacted(text) != text {
            Console(isQuiet: false, isTerminal: false).info(
                "Passwords and keys in addresses are printed as ***; credentials.variable keeps them out of the file."
            )
        }
    }
}
