import ArgumentParser
import Configuration
import Pipeline
import ThunderNet

/// Arguments of `bench`; each option is a setting of the same name in `BenchSettingTable`.
struct BenchOptions: ParsableArguments {
    @Argument(
        help:
            "A scenario (stages, single-stream, multi-stream, offline, live, network) and a recording; the stages on the sample by default."
    )
    var words: [String] = []

    @Option(help: SettingHelp.text("input.start"))
    var start: String?
    @Option(help: SettingHelp.text("input.duration"))
    var duration: String?
    @OptionGroup var model: ModelOptions
    @Option(help: SettingHelp.text("model.threads"))
    var threads: String?
    @Option(
        help: "A backbone's name, such as snet49: the network with random weights.",
        completion: .list(BackboneCatalog.names))
    var backbone: String?
    @OptionGroup var tracking: TrackingOptions
    @OptionGroup var encoding: EncoderOptions

    @Option(help: SettingHelp.text("bench.streams"))
    var streams: String?
    @Option(help: SettingHelp.text("bench.fps"))
    var fps: String?
    @Option(help: SettingHelp.text("bench.time"))
    var time: String?
    @Flag(help: SettingHelp.text("bench.official"))
    var official = false
    @Option(help: SettingHelp.text("bench.warmup"))
    var warmup: String?
    @Option(help: SettingHelp.text("bench.repeats"))
    var repeats: String?
    @Flag(help: SettingHelp.text("bench.profile"))
    var profile = false
    @Option(help: SettingHelp.text("bench.dataset"), completion: .file())
    var dataset: String?
    @Option(help: SettingHelp.text("bench.compare"), completion: .file())
    var compare: String?
    @Flag(help: SettingHelp.text("bench.json"))
    var json = false

    @Option(help: .hidden)
    var pictures: String?
    @Option(help: .hidden)
    var export: String?
    @Flag(help: .hidden)
    var serve = false
    @Flag(help: .hidden)
    var check = false
}

extension BenchOptions {
    /// The scenario, which comes first if it is given, and the recordings.
    private var split: (scenario: String?, sources: [String]) {
        guard let first = words.first, BenchDescription.Scenario(rawValue: first) != nil else {
            return (nil, words)
        }
        return (first, Array(words.dropFirst()))
    }

    private var assignments: [Assignment] {
        let (scenario, sources) = split
        return GivenOption.assignments(of: self, among: BenchSettingTable.all)
            + [("bench.scenario", scenario), ("model.name", backbone)].compactMap { key, text in
                text.map { (key, [$0]) }
            } + (sources.isEmpty ? [] : [("input.sources", sources)])
    }

    /// Reads the arguments.
    ///
    /// - Throws: A `ValidationError` for a wrong value or a contradiction.
    func description() throws -> BenchDescription {
        guard backbone == nil || model.model == nil else {
            throw ValidationError("--backbone and --model exclude each other.")
        }
        try ModelOptions.checkBackbone(backbone)
        return try BenchDescription(assignments)
    }
}
