import ArgumentParser
import Pipeline

/// The part of a command line that chooses a model.
struct ModelOptions: ParsableArguments {
    @Option(help: SettingHelp.text("model.name"), completion: .file())
    var model: String?
    @Option(help: SettingHelp.text("model.input"))
    var input: String?
    @Option(help: SettingHelp.text("model.fit"), completion: SettingHelp.words("model.fit"))
    var fit: String?
    @Option(help: SettingHelp.text("model.threads"))
    var threads: String?
    @Option(
        help: SettingHelp.text("model.precision"), completion: SettingHelp.words("model.precision"))
    var precision: String?

    /// What was said, as the table of settings takes it.
    var assignments: [(key: String, texts: [String])] {
        let values = [
            ("model.name", model), ("model.input", input), ("model.fit", fit),
            ("model.threads", threads), ("model.precision", precision),
        ]
        return values.compactMap { key, value in value.map { (key, [$0]) } }
    }

    /// A description that says nothing but the model.
    func description() throws -> DetectDescription {
        var description = DetectDescription()
        try description.apply(assignments)
        return description
    }
}
