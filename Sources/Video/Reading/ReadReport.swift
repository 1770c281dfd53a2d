/// Counts and warnings of reading a source.
public struct ReadReport: Sendable, Hashable {
    /// Frames delivered.
    public var frames = 0
    /// Packets skipped because the container marked them as corrupt.
    public var corruptPackets = 0
    /// RTP packets that never arrived; frames that depend on them count as damaged.
    public var missedPackets = 0
    /// RTP packets that arrived too late to be used.
    public var latePackets = 0
    /// Packets or frames that the decoder rejected.
    public var decodeErrors = 0
    /// Frames delivered that are corrupt or depend on lost data.
    public var damagedFrames = 0
    /// Leading frames dropped at the start because they reference frames that are not in the
    /// source.
    public var leadingFrames = 0
    /// Frames without a timestamp in the source.
    public var missingTimestamps = 0
    /// Frames whose timestamp did not increase or was implausible.
    public var repairedTimestamps = 0
    /// Frames whose timestamp was far from those before and after it.
    public var repairedPackets = 0
    /// Jumps of the source's clock; the frames after a jump continue on the clock before it.
    public var clockJumps = 0
    /// Frames skipped by ``DecoderSkip``, approximately.
    public var skippedFrames = 0
    /// Interlaced frames.
    public var interlacedFrames = 0
    /// Frames converted because their size or format differs from the first.
    public var refittedFrames = 0
    /// True if the source ended before its stated duration.
    public var isTruncated = false
    /// FFmpeg's message of the read error that ended the source early.
    public var endedBy: String?
    /// Conversions and guesses, each once.
    public var diagnostics: [String] = []

    /// Creates an empty report.
    public init() {}

    /// Report of two consecutive reads.
    public func adding(_ other: ReadReport) -> ReadReport {
        var sum = self
        sum.frames += other.frames
        sum.corruptPackets += other.corruptPackets
        sum.missedPackets += other.missedPackets
        sum.latePackets += other.latePackets
        sum.decodeErrors += other.decodeErrors
        sum.damagedFrames += other.damagedFrames
        sum.leadingFrames += other.leadingFrames
        sum.missingTimestamps += other.missingTimestamps
        sum.repairedTimestamps += other.repairedTimestamps
        sum.repairedPackets += other.repairedPackets
        sum.clockJumps += other.clockJumps
        sum.skippedFrames += other.skippedFrames
        sum.interlacedFrames += other.interlacedFrames
        sum.refittedFrames += other.refittedFrames
        sum.isTruncated = isTruncated || other.isTruncated
        sum.endedBy = other.endedBy ?? endedBy
        sum.diagnostics += other.diagnostics.filter { !diagnostics.contains($0) }
        return sum
    }

    /// Warnings for the user; empty if nothing went wrong.
    public var warnings: [String] {
        var sentences = diagnostics
        let counts: [(Int, String, String, String)] = [
            (corruptPackets, "corrupt packet was", "corrupt packets were", "skipped."),
            (missedPackets, "network packet", "network packets", "never arrived."),
            (
                latePackets, "network packet", "network packets", "arrived too late to be used."
            ),
            (decodeErrors, "packet", "packets", "could not be decoded."),
            (damagedFrames, "frame is", "frames are", "damaged."),
            (
                leadingFrames, "frame", "frames",
                "at the start referenced frames before the cut; dropped."
            ),
            (
                missingTimestamps, "frame", "frames",
                "had no timestamp; it was derived from the frame rate."
            ),
            (
                repairedTimestamps, "frame", "frames",
                "had a timestamp that did not increase; it was repaired."
            ),
            (
                repairedPackets, "frame", "frames",
                "had a timestamp far from those around it; it was repaired."
            ),
            (
                clockJumps, "jump of the source's clock was", "jumps of the source's clock were",
                "corrected."
            ),
            (skippedFrames, "frame was", "frames were", "not decoded, to keep up."),
            (
                refittedFrames, "frame", "frames",
                "had another size or format; converted to the first."
            ),
        ]
        for (count, one, many, rest) in counts where count > 0 {
            sentences.append("\(pluralized(count, one, many)) \(rest)")
        }
        if isTruncated {
            let reason = endedBy.map { " (\($0))" } ?? ""
            sentences.append("The source ends before its stated duration\(reason).")
        }
        return sentences
    }
}
