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
            "bench.scenario", nil, \.scenario, .choice,
            "The stages of the pipeline, a scenario of MLPerf, or the bare network."),
        .one(
            "bench.streams", "--streams", \.streams, .integer(in: 1...1024),
            "Frames of one query under multi-stream."),
        .one(
            "bench.fps", "--fps", \.rate, .number(in: 0.1...10000),
            "Frames that arrive per second under live."),
        .optional(
            "bench.time", "--time", \.time, .seconds(),
            "Time to measure, all repeats together; 60 s by default, 10 s for network."),
        .one(
            "bench.official", "--official", \.official, .flag,
            "Measure for 600 s, as the rules of MLPerf ask."),
        .one(
            "bench.warmup", "--warmup", \.warmup, .seconds(),
            "Time at the start that is not counted, ten frames at least."),
        .one(
            "bench.repeats", "--repeats", \.repeats, .integer(in: 1...100),
            "Repeats of each measurement, for the noise band."),
        .one("bench.profile", "--profile", \.profile, .flag, "Report the time of each layer."),
        .optional(
            "bench.dataset", "--dataset", \.dataset, .text,
            "A COCO-format data set to measure the average precision on."),
        .optional(
            "bench.compare", "--compare", \.compare, .text,
            "A JSON report of an earlier benchmark to compare with."),
        .one("bench.json", "--json", \.json, .flag, "Print one JSON object."),
    ]
}
