/// What a bench measures, and for how long; read by `bench` alone.
public struct BenchDescription: Sendable, Hashable {
    /// How work comes to what is measured.
    public var scenario = Scenario.stages
    /// Pictures of one query under ``Scenario/multiStream``.
    public var streams = 8
    /// Pictures a second under ``Scenario/live``.
    public var rate = 30.0
    /// Seconds of measuring, all repeats together.
    public var seconds = 60.0
    /// Seconds of measuring as the rules of MLPerf ask for, 600, instead.
    public var official = false
    /// Seconds that are not counted at the start of each scenario, ten pictures at least.
    public var warmup = 1.0
    /// How often the same is measured, for the noise band.
    public var repeats = 3
    /// Name each layer's time.
    public var profile = false
    /// An annotated data set to measure the average precision on.
    public var dataset: String?
    /// A report of an earlier bench to compare with.
    public var compare: String?
    /// Print one JSON object.
    public var json = false

    /// How work comes to what is measured; named as MLPerf Inference names its scenarios.
    public enum Scenario: String, Sendable, Hashable, CaseIterable {
        /// Decoding alone, decoding with detecting, and the whole line.
        case stages
        /// The next picture comes as soon as the last is answered.
        case singleStream = "single-stream"
        /// The next few pictures come as soon as the last few are answered.
        case multiStream = "multi-stream"
        /// All pictures are there from the beginning.
        case offline
        /// Pictures come at a fixed rate, whether or not the last is answered.
        case live
        /// The network alone, on random numbers: from the first convolution to proposals and attended features.
        case network
    }

    /// Seconds that one repeat measures.
    var secondsOfRepeat: Double { (official ? 600 : seconds) / Double(repeats) }
}
