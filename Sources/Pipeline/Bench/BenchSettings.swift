/// The table of everything `bench` can be told: what of `detect`'s settings has a meaning, and its own.
public enum BenchSettings {
    /// All settings, in the order in which people think of them.
    public static let all: [Setting<DetectDescription>] =
        DetectSettings.all.filter { shared.contains($0.key) } + own

    private static let shared: Set<String> = [
        "input.sources", "input.start", "input.duration", "model.name", "model.input", "model.fit",
        "model.threads", "model.precision", "tracking.every", "tracking.detect-fps",
        "output.encoder", "output.preset", "output.crf", "output.bitrate",
    ]

    private static let own: [Setting<DetectDescription>] = [
        .choice(
            "bench.scenario", nil, \.bench.scenario,
            "How work comes: stages, or a scenario by its MLPerf name, or the network alone."),
        .one(
            "bench.streams", "--streams", \.bench.streams, .integer(1...1024),
            "Pictures of one query under multi-stream.", read: SettingText.integer(in: 1...1024),
            write: { String($0) }),
        .one(
            "bench.fps", "--fps", \.bench.rate, .number(0.1...10000),
            "Pictures that arrive a second under live.", read: SettingText.number(in: 0.1...10000),
            write: SettingText.plain),
        .one(
            "bench.time", "--time", \.bench.seconds, .seconds,
            "How long to measure, all repeats together; 60 s by default.",
            read: SettingText.seconds, write: SettingText.plain),
        .flag(
            "bench.official", "--official", \.bench.official,
            "Measure for the 600 s that MLPerf's rules ask for."),
        .one(
            "bench.warmup", "--warmup", \.bench.warmup, .seconds,
            "What is not counted at the start, ten pictures at least.", read: SettingText.seconds,
            write: SettingText.plain),
        .one(
            "bench.repeats", "--repeats", \.bench.repeats, .integer(1...100),
            "How often the same is measured, for the noise band.",
            read: SettingText.integer(in: 1...100), write: { String($0) }),
        .flag("bench.profile", "--profile", \.bench.profile, "Name each layer's time."),
        .optional(
            "bench.dataset", "--dataset", \.bench.dataset, .text,
            "A data set (COCO, VOC or YOLO), on which what was timed shows how well it sees.",
            read: { $0 }, write: { $0 }),
        .optional(
            "bench.compare", "--compare", \.bench.compare, .text,
            "A JSON report of an earlier bench to compare with.", read: { $0 }, write: { $0 }),
        .flag("bench.json", "--json", \.bench.json, "Print one JSON object."),
    ]
}

/// A command that a pipeline file may name, with the settings that it takes.
public enum PipelineCommand: String, Sendable, Hashable, CaseIterable {
    /// Finds and follows objects.
    case detect
    /// Measures.
    case bench

    /// What it can be told.
    public var settings: [Setting<DetectDescription>] {
        switch self {
        case .detect: DetectSettings.all
        case .bench: BenchSettings.all
        }
    }

    /// Contradictions in a description for this command, in sentences.
    public func contradictions(_ description: DetectDescription) -> [String] {
        switch self {
        case .detect: description.contradictions
        case .bench: description.benchContradictions
        }
    }
}

extension DetectDescription {
    /// What no single setting of a bench shows.
    fileprivate var benchContradictions: [String] {
        var found: [String] = []
        if input.sources.count > 1 { found.append("A bench measures one recording: name one.") }
        if bench.scenario == .network && !input.sources.isEmpty {
            found.append("The network alone sees random numbers: leave the recording out.")
        }
        if bench.scenario == .stages && bench.profile {
            found.append("A profile belongs to the network or a scenario: name one.")
        }
        if output.crf != nil && output.bitrate != nil {
            found.append("Constant quality (crf) and a bit rate exclude each other: give one.")
        }
        return found
    }
}
