import ArgumentParser
import Configuration
import Pipeline

/// Options of the detector.
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

    /// Reads the options.
    ///
    /// - Throws: A `ValidationError` for a wrong value.
    func choice() throws -> ModelChoice {
        let given = GivenOption.assignments(of: self, among: DetectSettingTable.all)
        return try DetectDescription(given).model
    }
}
