/// All inputs of one `bench` run, from a command line or a pipeline file.
public struct BenchDescription: CommandDescription {
    /// Name of the command.
    public static let command = "bench"
    /// All settings of `bench`.
    public static var settings: [Setting<BenchDescription>] { BenchSettingTable.all }

    /// The run that is measured: source, model, tracking and encoder.
    public var run = DetectDescription()
    /// The scenario, which decides when frames arrive.
    public var scenario = Scenario.stages
    /// Frames of one query under ``Scenario/multiStream``.
    public var streams = 8
    /// Frames per second under ``Scenario/live``.
    public var rate = 30.0
    /// Seconds of measuring, all repeats together; nil for the scenario's default.
    public var time: Double?
    /// True to measure for 600 seconds instead, as the rules of MLPerf ask.
    public var official = false
    /// Seconds that are not counted at the start of each scenario, ten frames at least.
    public var warmup = 1.0
    /// Repeats of each measurement, for the noise band.
    public var repeats = 3
    /// True to report the time of each layer.
    public var profile = false
    /// Path of a COCO-format data set to measure the average precision on.
    public var dataset: String?
    /// Path of a report of an earlier benchmark to compare with.
    public var compare: String?
    /// True to print one JSON object.
    public var json = false

    /// A description with every default.
    public init() {}

    /// Arrival of frames; named after the scenarios of MLPerf Inference.
    public enum Scenario: String, Sendable, Hashable, CaseIterable {
        /// Decoding alone, decoding with detection, and the whole pipeline.
        case stages
        /// The next frame arrives when the last is answered.
        case singleStream = "single-stream"
        /// The next few frames arrive when the last few are answered.
        case multiStream = "multi-stream"
        /// All frames are there from the beginning.
        case offline
        /// Frames arrive at a fixed rate, whether or not the last is answered.
        case live
        /// The bare network on random numbers: from the first convolution to proposals and attended features.
        case network
    }

    /// Seconds of measuring, all repeats together.
    package var seconds: Double {
        if official { return 600 }
        return time ?? (scenario == .network ? 10 : 60)
    }

    /// Seconds of one repeat.
    package var secondsOfRepeat: Double { seconds / Double(repeats) }

    /// Contradictions between settings, as sentences; empty for a consistent description.
    public var contradictions: [String] {
        var found: [String] = []
        if run.input.sources.count > 1 {
            found.append("A benchmark measures one recording: name one.")
        }
        if scenario == .network && !run.input.sources.isEmpty {
            found.append("The bare network runs on random numbers: leave the recording out.")
        }
        if scenario == .stages && profile {
            found.append("A profile needs the network or a scenario: name one.")
        }
        return found + run.output.contradictions
    }
}
