import ArgumentParser
import Configuration
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

    /// A description that says nothing but the model.
    func description() throws -> DetectDescription {
        var description = DetectDescription()
        try description.apply(GivenOption.assignments(of: self, among: DetectSettings.all))
        return description
    }
}
