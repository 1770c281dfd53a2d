import ArgumentParser
import Configuration
import Pipeline
import ThunderNet

/// Options of the detector, without its threads, which `live` shares among cameras.
struct ModelOptions: ParsableArguments {
    @Option(help: SettingHelp.text("model.name"), completion: .file())
    var model: String?
    @Option(help: SettingHelp.text("model.input"))
    var input: String?
    @Option(help: SettingHelp.text("model.fit"), completion: SettingHelp.words("model.fit"))
    var fit: String?
    @Option(
        help: SettingHelp.text("model.precision"), completion: SettingHelp.words("model.precision"))
    var precision: String?

    /// Reads the options, and the value of `--threads` for commands that have it.
    ///
    /// - Throws: A `ValidationError` for a wrong value.
    func choice(threads: String?) throws -> ModelChoice {
        let given = GivenOption.assignments(of: self, among: DetectSettingTable.all)
        let more = threads.map { [("model.threads", [$0])] } ?? []
        return try DetectDescription(given + more).model
    }

    /// Refuses a `--backbone` that is not in the catalog, with a list of all; nil passes.
    static func checkBackbone(_ name: String?) throws {
        let names = BackboneCatalog.names
        guard let name, !names.contains(name) else { return }
        let near = NearestWord.nearest(to: name, in: names).map { "; did you mean \"\($0)\"?" }
        throw ValidationError(
            "--backbone: \"\(name)\" is not known\(near ?? ".") The backbones are "
                + names.joined(separator: ", ") + ".")
    }
}
