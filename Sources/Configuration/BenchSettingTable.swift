/// The table of all settings of `bench`: those of `detect` that affect speed, and its own.
public enum BenchSettingTable {
    /// All settings, in the order of help texts.
    public static let all: [Setting<BenchDescription>] =
        DetectSettingTable.all.filter { shared.contains($0.key) }.map { $0.lifted(\.run) } + own

    private static let shared: Set<String> = [
        "input.sources", "input.start", "input.duration", "model.name", "model.input", "model.fit",
        "model.threads", "model.precision", "tracking.every", "tracking.detect-fps",
        "output.encoder", "output.preset", "output.crf", "output.bitrate",
    ]

    private static let own: [Setting<BenchDescription>] = [
        .one(
            key: "bench.scenario", option: nil, \.scenario, .choice,
            "The stages of the pipeline, a scenario of MLPerf, or the bare network."),
        .one(
            key: "bench.streams", option: "--streams", \.streams, .integer(in: 1...1024),
            "Frames of one query under multi-stream."),
        .one(
            key: "bench.fps", option: "--fps", \.rate, .number(in: 0.1...10000),
            "Frames that arrive per second under live."),
        .optional(
            key: "bench.time", option: "--time", \.time, .seconds(),
            "Time to measure, all repeats together; 60 s by default, 10 s for network."),
        .one(
            key: "bench.official", option: "--official", \.official, .flag,
            "Measure for 600 s, as the rules of MLPerf ask."),
        .one(
            key: "bench.warmup", option: "--warmup", \.warmup, .seconds(),
            "Time at the start that is not counted, ten frames at least."),
        .one(
            key: "bench.repeats", option: "--repeats", \.repeats, .integer(in: 1...100),
            "Repeats of each measurement, for the noise band."),
        .one(
            key: "bench.profile", option: "--profile", \.profile, .flag,
            "Report the time of each layer."),
        .optional(
            key: "bench.dataset", option: "--dataset", \.dataset, .text,
            "A COCO-format data set to measure the average precision on."),
        .optional(
            key: "bench.compare", option: "--compare", \.compare, .text,
            "A JSON report of an earlier benchmark to compare with."),
        .one(key: "bench.json", option: "--json", \.json, .flag, "Print one JSON object."),
    ]
}
