public import Flow

/// What became of one source, or of one joined recording.
public struct JobReport: Sendable {
    /// The source, or the parts of the joined recording.
    public let sources: [String]
    /// Why it failed; nil when it did not.
    public let failure: RunError?
    /// It ended early because somebody asked.
    public let isStopped: Bool
    /// Files that were finished.
    public let files: [String]
    /// Sentences a person should read.
    public let notices: [String]
    /// Every frame's fate.
    public let counts: FrameCounts
    /// Seconds of the recording that were analysed.
    public let mediaSeconds: Double
    /// Seconds that it took.
    public let wallSeconds: Double

    /// The exit code of this job alone.
    public var reason: ExitReason {
        failure?.reason ?? (isStopped ? .interrupted : .done)
    }

    /// What is said at the end of the job.
    var closing: [String] {
        var lines = notices.map { "note: \($0)" }
        if isStopped { lines.append("Stopped early; what was done until then is complete.") }
        let rate = wallSeconds > 0 ? Double(counts.detected + counts.tracked) / wallSeconds : 0
        lines.append(
            "\(counts); \(DecimalText.text(rate, decimals: 1)) frames analysed a second of wall time")
        lines += files.map { "wrote \($0)" }
        return lines
    }
}
