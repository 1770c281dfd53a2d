public import Flow

/// Report of one source, or of one joined recording.
public struct JobReport: Sendable {
    /// The source, or the parts of the joined recording.
    public let sources: [String]
    /// The error that ended the job; nil for success.
    public internal(set) var failure: RunError?
    /// True for a source that was skipped because its output exists.
    public internal(set) var isSkipped = false
    /// True for a job that a stop ended early.
    public internal(set) var isStopped = false
    /// True for a damaged image.
    public internal(set) var isDamaged = false
    /// Paths of finished files.
    public internal(set) var files: [String] = []
    /// Warnings for people.
    public internal(set) var warnings: [String] = []
    /// Summary of counts, a line for each line.
    public internal(set) var summary: [String] = []
    /// Counts of frames by their fate.
    public internal(set) var counts = FrameCounts()
    /// Seconds of the recording up to the last analysed frame.
    public internal(set) var mediaSeconds = 0.0
    /// Seconds of wall time.
    public internal(set) var wallSeconds = 0.0

    init(sources: [String], failure: RunError? = nil, isSkipped: Bool = false) {
        self.sources = sources
        self.failure = failure
        self.isSkipped = isSkipped
    }

    /// The exit code of this job alone.
    public var reason: ExitReason {
        failure?.reason ?? (isStopped ? .interrupted : .done)
    }

    /// Finishes the results files of this job alone; after an error they keep their partial names.
    mutating func finishResults(_ results: [String], in writers: ResultsWriters) {
        guard failure == nil else { return writers.abandon(results) }
        do throws(RunError) {
            try writers.finish(results)
            files += results.filter { $0 != "-" }
        } catch {
            failure = error
        }
    }

    /// Lines printed at the end of the job.
    var closing: [String] {
        guard !isSkipped else { return [] }
        var lines = warnings.map { "note: \($0)" }
        if isStopped { lines.append("Stopped early; the output up to there is complete.") }
        if counts.detected + counts.tracked > 0 || failure == nil && counts.decoded > 0 {
            let rate = wallSeconds > 0 ? Double(counts.detected + counts.tracked) / wallSeconds : 0
            let text = DecimalText.text(rate, decimals: 1)
            lines.append("\(counts); \(text) frames analysed per second of wall time")
        }
        return lines + summary + files.map { "wrote \($0)" }
    }
}
