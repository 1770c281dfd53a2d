import ArgumentParser
import Pipeline

/// The command line of `detect`: each option is a key of the table of settings, and says the same.
struct DetectOptions: ParsableArguments {
    @Argument(help: SettingHelp.text("input.sources"), completion: .file())
    var sources: [String] = []

    @Option(
        name: [.customShort("o"), .customLong("output")], help: SettingHelp.text("output.path"),
        completion: .file())
    var output: String?
    @Option(help: SettingHelp.text("results"), completion: .file())
    var results: [String] = []
    @Flag(name: .customLong("no-video"), help: "Write no annotated video.")
    var noVideo = false
    @Flag(help: SettingHelp.text("output.overwrite"))
    var overwrite = false
    @Flag(help: SettingHelp.text("output.skip-existing"))
    var skipExisting = false

    @Option(help: SettingHelp.text("input.start"))
    var start: String?
    @Option(help: SettingHelp.text("input.duration"))
    var duration: String?
    @Option(name: .customLong("for"), help: SettingHelp.text("input.for"))
    var liveFor: String?
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
    @Option(help: SettingHelp.text("tracking.every"))
    var every: String?
    @Option(help: SettingHelp.text("tracking.detect-fps"))
    var detectFps: String?

    @Flag(name: .customLong("no-boxes"), help: "Draw no outlines.")
    var noBoxes = false
    @Flag(name: .customLong("no-labels"), help: "Write no names.")
    var noLabels = false
    @Flag(help: SettingHelp.text("overlay.traces"))
    var traces = false
    @Flag(help: SettingHelp.text("overlay.readout"))
    var readout = false
    @Option(help: SettingHelp.text("overlay.font"), completion: .file())
    var font: String?

    @Option(help: SettingHelp.text("output.encoder"))
    var encoder: String?
    @Option(help: SettingHelp.text("output.preset"))
    var preset: String?
    @Option(help: SettingHelp.text("output.crf"))
    var crf: String?
    @Option(help: SettingHelp.text("output.bitrate"))
    var bitrate: String?
    @Option(
        help: SettingHelp.text("output.pixel-format"),
        completion: SettingHelp.words("output.pixel-format"))
    var pixelFormat: String?
    @Option(help: SettingHelp.text("output.audio"), completion: SettingHelp.words("output.audio"))
    var audio: String?
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: SettingHelp.text("quiet"))
    var quiet = false
}

extension DetectOptions {
    /// What was said on the command line, as the table of settings takes it.
    var assignments: [(key: String, texts: [String])] {
        let lists = [
            ("input.sources", sources), ("results", results), ("objects.classes", classes),
            ("objects.ignore", ignore),
        ]
        let values = [
            ("output.path", output), ("input.start", start), ("input.duration", duration),
            ("input.for", liveFor), ("objects.min-score", minScore),
            ("tracking.every", every), ("tracking.detect-fps", detectFps), ("overlay.font", font),
            ("output.encoder", encoder), ("output.preset", preset), ("output.crf", crf),
            ("output.bitrate", bitrate), ("output.pixel-format", pixelFormat),
            ("output.audio", audio),
        ]
        let raised = [
            ("output.overwrite", overwrite), ("output.skip-existing", skipExisting),
            ("input.join", join), ("input.deinterlace", deinterlace), ("overlay.traces", traces),
            ("overlay.readout", readout), ("quiet", quiet),
        ]
        let lowered = [
            ("output.video", noVideo), ("overlay.boxes", noBoxes), ("overlay.labels", noLabels),
        ]
        return model.assignments + lists.filter { !$0.1.isEmpty }.map { ($0.0, $0.1) }
            + values.compactMap { pair in pair.1.map { (pair.0, [$0]) } }
            + raised.filter(\.1).map { ($0.0, ["true"]) }
            + lowered.filter(\.1).map { ($0.0, ["false"]) }
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
