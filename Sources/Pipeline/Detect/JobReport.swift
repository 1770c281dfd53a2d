public import Flow

/// What became of one source, or of one joined recording.
public struct JobReport: Sendable {
    /// The source, or the parts of the joined recording.
    public let sources: [String]
    /// Why it failed; nil when it did not.
    public internal(set) var failure: RunError?
    /// Its output existed, and such were to be left out.
    public internal(set) var isSkipped = false
    /// It ended early because somebody asked.
    public internal(set) var isStopped = false
    /// Files that were finished.
    public internal(set) var files: [String] = []
    /// Sentences a person should read.
    public internal(set) var notices: [String] = []
    /// Every frame's fate.
    public internal(set) var counts = FrameCounts()
    /// Seconds of the recording that were analysed, up to the last frame's moment.
    public internal(set) var mediaSeconds = 0.0
    /// Seconds that it took.
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

    /// Finishes the files of results that belong to this job alone; after a failure they are closed as they are.
    mutating func adopt(finishing results: [String], on writers: ResultsWriters) {
        guard failure == nil else { return writers.abandon(results) }
        do throws(RunError) {
            try writers.finish(results)
            files += results.filter { $0 != "-" }
        } catch {
            failure = error
        }
    }

    /// What is said at the end of the job.
    var closing: [String] {
        guard !isSkipped else { return [] }
        var lines = notices.map { "note: \($0)" }
        if isStopped { lines.append("Stopped early; what was done until then is complete.") }
        if counts.detected + counts.tracked > 0 || failure == nil && counts.decoded > 0 {
            let rate = wallSeconds > 0 ? Double(counts.detected + counts.tracked) / wallSeconds : 0
            let text = DecimalText.text(rate, decimals: 1)
            lines.append("\(counts); \(text) frames analysed a second of wall time")
        }
        return lines + files.map { "wrote \($0)" }
    }
}
