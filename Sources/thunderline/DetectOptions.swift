import ArgumentParser
import Configuration
import Pipeline

/// The command line of `detect`: each option is one of the table of settings, says the same, and has the name that its
/// property has.
struct DetectOptions: ParsableArguments {
    @Argument(help: SettingHelp.text("input.sources"), completion: .file())
    var sources: [String] = []

    @Option(
        name: [.customShort("o"), .long], help: SettingHelp.text("output.path"),
        completion: .file())
    var output: String?
    @Option(help: SettingHelp.text("results"), completion: .file())
    var results: [String] = []
    @Flag(help: "Write no annotated video.")
    var noVideo = false
    @Flag(help: SettingHelp.text("output.overwrite"))
    var overwrite = false
    @Flag(help: SettingHelp.text("output.skip-existing"))
    var skipExisting = false

    @Option(help: SettingHelp.text("input.start"))
    var start: String?
    @Option(help: SettingHelp.text("input.duration"))
    var duration: String?
    @Option(help: SettingHelp.text("input.for"))
    var `for`: String?
    @Flag(help: SettingHelp.text("input.join"))
    var join = false
    @Flag(help: SettingHelp.text("input.deinterlace"))
    var deinterlace = false

    @OptionGroup var model: ModelOptions

    @Option(help: SettingHelp.text("objects.classes"))
    var classes: [String] = []
    @Option(help: SettingHelp.text("objects.min-score"))
    var minScore: String?
    @Option(help: SettingHelp.text("objects.ignore"))
    var ignore: [String] = []
    @OptionGroup var tracking: TrackingOptions

    @Flag(help: "Draw no outlines.")
    var noBoxes = false
    @Flag(help: "Write no names.")
    var noLabels = false
    @Flag(help: SettingHelp.text("overlay.traces"))
    var traces = false
    @Flag(help: SettingHelp.text("overlay.readout"))
    var readout = false
    @Option(help: SettingHelp.text("overlay.font"), completion: .file())
    var font: String?

    @OptionGroup var encoding: EncoderOptions
    @Option(
        help: SettingHelp.text("output.pixel-format"),
        completion: SettingHelp.words("output.pixel-format"))
    var pixelFormat: String?
    @Option(help: SettingHelp.text("output.audio"), completion: SettingHelp.words("output.audio"))
    var audio: String?
    @Flag(name: [.customShort("q"), .long], help: SettingHelp.text("quiet"))
    var quiet = false
}

extension DetectOptions {
    /// What was said on the command line, as the table of settings takes it.
    var assignments: [(key: String, texts: [String])] {
        GivenOption.assignments(of: self, among: DetectSettings.all)
            + (sources.isEmpty ? [] : [("input.sources", sources)])
    }

    /// The description that this command line says.
    func description() throws -> DetectDescription {
        var description = DetectDescription()
        try description.apply(assignments)
        if let contradiction = description.contradictions.first {
            throw ValidationError(contradiction)
        }
        return description
    }
}
