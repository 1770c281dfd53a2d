import ArgumentParser
import Pipeline

/// The command line of `bench`: each option is a key of its table of settings, and says the same.
struct BenchOptions: ParsableArguments {
    @Argument(
        help:
            "A scenario (stages, single-stream, multi-stream, offline, live, network), a recording; the sample by default."
    )
    var words: [String] = []

    @Option(help: help("input.start"))
    var start: String?
    @Option(help: help("input.duration"))
    var duration: String?
    @Option(help: help("model.name"))
    var model: String?
    @Option(help: "A backbone's name, such as snet49: its network with random weights.")
    var backbone: String?
    @Option(help: help("model.input"))
    var input: String?
    @Option(help: help("model.fit"))
    var fit: String?
    @Option(help: help("model.threads"))
    var threads: String?
    @Option(help: help("model.precision"))
    var precision: String?
    @Option(help: help("tracking.every"))
    var every: String?
    @Option(help: help("tracking.detect-fps"))
    var detectFps: String?
    @Option(help: help("output.encoder"))
    var encoder: String?
    @Option(help: help("output.preset"))
    var preset: String?
    @Option(help: help("output.crf"))
    var crf: String?
    @Option(help: help("output.bitrate"))
    var bitrate: String?

    @Option(help: help("bench.streams"))
    var streams: String?
    @Option(help: help("bench.fps"))
    var fps: String?
    @Option(help: help("bench.time"))
    var time: String?
    @Flag(help: help("bench.official"))
    var official = false
    @Option(help: help("bench.warmup"))
    var warmup: String?
    @Option(help: help("bench.repeats"))
    var repeats: String?
    @Flag(help: help("bench.profile"))
    var profile = false
    @Option(help: help("bench.compare"))
    var compare: String?
    @Flag(help: help("bench.json"))
    var json = false

    @Option(help: .hidden)
    var export: String?
    @Flag(help: .hidden)
    var serve = false
    @Flag(help: .hidden)
    var check = false

    private static func help(_ key: String) -> ArgumentHelp {
        ArgumentHelp(BenchSettings.all.first { $0.key == key }?.summary ?? "")
    }
}

extension BenchOptions {
    /// The scenario's name and the recordings among the words: a scenario stands first.
    private var split: (scenario: String?, sources: [String]) {
        guard let first = words.first,
            BenchDescription.Scenario(rawValue: first) != nil
        else { return (nil, words) }
        return (first, Array(words.dropFirst()))
    }

    private var assignments: [(key: String, texts: [String])] {
        let (scenario, sources) = split
        let values = [
            ("bench.scenario", scenario), ("input.start", start), ("input.duration", duration),
            ("model.name", model ?? backbone), ("model.input", input), ("model.fit", fit),
            ("model.threads", threads), ("model.precision", precision), ("tracking.every", every),
            ("tracking.detect-fps", detectFps), ("output.encoder", encoder),
            ("output.preset", preset), ("output.crf", crf), ("output.bitrate", bitrate),
            ("bench.streams", streams), ("bench.fps", fps), ("bench.time", time),
            ("bench.warmup", warmup), ("bench.repeats", repeats), ("bench.compare", compare),
        ]
        let raised = [
            ("bench.official", official), ("bench.profile", profile), ("bench.json", json),
        ]
        return (sources.isEmpty ? [] : [("input.sources", sources)])
            + values.compactMap { pair in pair.1.map { (pair.0, [$0]) } }
            + raised.filter(\.1).map { ($0.0, ["true"]) }
    }

    /// The description that this command line says.
    func description() throws -> DetectDescription {
        guard backbone == nil || model == nil else {
            throw ValidationError("--backbone and --model exclude each other.")
        }
        var description = DetectDescription()
        for (key, texts) in assignments {
            do throws(SettingError) {
                try description.set(key, to: texts, among: BenchSettings.all)
            } catch {
                let option = BenchSettings.all.first { $0.key == key }?.option ?? key
                throw ValidationError("\(option) \(error.message).")
            }
        }
        if let contradiction = PipelineCommand.bench.contradictions(description).first {
            throw ValidationError(contradiction)
        }
        return description
    }
}
