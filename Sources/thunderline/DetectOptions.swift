import ArgumentParser
import Pipeline

/// The command line of `detect`: each option is a key of the table of settings, and says the same.
struct DetectOptions: ParsableArguments {
    @Argument(help: help("input.sources"))
    var sources: [String] = []

    @Option(name: [.customShort("o"), .customLong("output")], help: help("output.path"))
    var output: String?
    @Option(help: help("results"))
    var results: [String] = []
    @Flag(name: .customLong("no-video"), help: "Write no annotated video.")
    var noVideo = false
    @Flag(help: help("output.overwrite"))
    var overwrite = false
    @Flag(help: help("output.skip-existing"))
    var skipExisting = false

    @Option(help: help("input.start"))
    var start: String?
    @Option(help: help("input.duration"))
    var duration: String?
    @Option(name: .customLong("for"), help: help("input.for"))
    var liveFor: String?
    @Flag(help: help("input.join"))
    var join = false
    @Flag(help: help("input.deinterlace"))
    var deinterlace = false

    @Option(help: help("model.name"))
    var model: String?
    @Option(help: help("model.input"))
    var input: String?
    @Option(help: help("model.fit"))
    var fit: String?
    @Option(help: help("model.threads"))
    var threads: String?
    @Option(help: help("model.precision"))
    var precision: String?

    @Option(help: help("objects.classes"))
    var classes: [String] = []
    @Option(help: help("objects.min-score"))
    var minScore: String?
    @Option(help: help("objects.ignore"))
    var ignore: [String] = []
    @Option(help: help("tracking.every"))
    var every: String?
    @Option(help: help("tracking.detect-fps"))
    var detectFps: String?

    @Flag(name: .customLong("no-boxes"), help: "Draw no outlines.")
    var noBoxes = false
    @Flag(name: .customLong("no-labels"), help: "Write no names.")
    var noLabels = false
    @Flag(help: help("overlay.traces"))
    var traces = false
    @Flag(help: help("overlay.readout"))
    var readout = false
    @Option(help: help("overlay.font"))
    var font: String?

    @Option(help: help("output.encoder"))
    var encoder: String?
    @Option(help: help("output.preset"))
    var preset: String?
    @Option(help: help("output.crf"))
    var crf: String?
    @Option(help: help("output.bitrate"))
    var bitrate: String?
    @Option(help: help("output.pixel-format"))
    var pixelFormat: String?
    @Option(help: help("output.audio"))
    var audio: String?
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: help("quiet"))
    var quiet = false

    private static func help(_ key: String) -> ArgumentHelp {
        ArgumentHelp(DetectSettings.setting(key)?.summary ?? "")
    }
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
            ("input.for", liveFor), ("model.name", model), ("model.input", input),
            ("model.fit", fit), ("model.threads", threads), ("model.precision", precision),
            ("objects.min-score", minScore),
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
        return lists.filter { !$0.1.isEmpty }.map { ($0.0, $0.1) }
            + values.compactMap { pair in pair.1.map { (pair.0, [$0]) } }
            + raised.filter(\.1).map { ($0.0, ["true"]) }
            + lowered.filter(\.1).map { ($0.0, ["false"]) }
    }

    /// The description that this command line says.
    func description() throws -> DetectDescription {
        var description = DetectDescription()
        for (key, texts) in assignments {
            do throws(SettingError) {
                try description.set(key, to: texts)
            } catch {
                let option = DetectSettings.setting(key)?.option ?? key
                throw ValidationError("\(option) \(error.message).")
            }
        }
        if let contradiction = description.contradictions.first {
            throw ValidationError(contradiction)
        }
        return description
    }
}
