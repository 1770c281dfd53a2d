import ArgumentParser
import Pipeline

/// The part of a command line that chooses a model.
struct ModelOptions: ParsableArguments {
    @Option(help: "A shipped model's name or a model file.")
    var model: String?
    @Option(help: "Size of the network's input, such as 320x320; the model's own by default.")
    var input: String?
    @Option(help: "stretch or letterbox; the model's own way by default.")
    var fit: String?
    @Option(help: "Threads of the detector; one per core by default.")
    var threads: String?

    /// A description that says nothing but the model.
    func description() throws -> DetectDescription {
        var description = DetectDescription()
        let values = [
            ("model.name", model), ("model.input", input), ("model.fit", fit),
            ("model.threads", threads),
        ]
        for (key, value) in values {
            guard let value else { continue }
            do throws(SettingError) {
                try description.set(key, to: [value])
            } catch {
                throw ValidationError(
                    "\(DetectSettings.setting(key)?.option ?? key) \(error.message).")
            }
        }
        return description
    }
}
