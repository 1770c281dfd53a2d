/// What happened while a source was read: counts, and sentences for people.
public struct ReadReport: Sendable, Hashable {
    /// Pictures delivered.
    public var frames = 0
    /// Packets that the container marked as corrupt, and that were skipped.
    public var corruptPackets = 0
    /// Packets of the network that never came; pictures that lean on them count as damaged.
    public var missedPackets = 0
    /// Packets of the network that came too late to be used.
    public var latePackets = 0
    /// Packets or pictures that the decoder gave up.
    public var decodeErrors = 0
    /// Pictures delivered that the decoder marked as damaged, or that lean on something lost.
    public var damagedFrames = 0
    /// Pictures at the start that lean on pictures which are not in the source, and were left out.
    public var leadingFrames = 0
    /// Pictures whose stamps the source did not give.
    public var missingTimestamps = 0
    /// Pictures whose stamps stood still, went back, or were nonsense.
    public var repairedTimestamps = 0
    /// How many of those were leaps of the source's clock.
    public var clockJumps = 0
    /// Pictures that were left out by ``DecoderSkip``, about.
    public var skippedFrames = 0
    /// Interlaced pictures seen.
    public var interlacedFrames = 0
    /// Pictures of another size or format than the first, which were fitted to it.
    public var refittedFrames = 0
    /// The source ended before the length that it states.
    public var isTruncated = false
    /// The reading error that ended it early, in FFmpeg's words.
    public var endedBy: String?
    /// What had to be given up or guessed, each once.
    public var diagnostics: [String] = []

    /// Nothing happened yet.
    public init() {}

    /// The report of two readings, one after the other.
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
        sum.clockJumps += other.clockJumps
        sum.skippedFrames += other.skippedFrames
        sum.interlacedFrames += other.interlacedFrames
        sum.refittedFrames += other.refittedFrames
        sum.isTruncated = isTruncated || other.isTruncated
        sum.endedBy = other.endedBy ?? endedBy
        sum.diagnostics += other.diagnostics.filter { !diagnostics.contains($0) }
        return sum
    }

    /// What people should know, in sentences; empty when all was well.
    public var warnings: [String] {
        var sentences = diagnostics
        let counts: [(Int, String, String, String)] = [
            (corruptPackets, "corrupt packet was", "corrupt packets were", "skipped."),
            (missedPackets, "packet of the network", "packets of the network", "never came."),
            (
                latePackets, "packet of the network", "packets of the network",
                "came too late to be used."
            ),
            (decodeErrors, "packet", "packets", "could not be decoded."),
            (damagedFrames, "frame is", "frames are", "damaged."),
            (
                leadingFrames, "frame", "frames",
                "at the start leaned on what was cut off before; left out."
            ),
            (
                missingTimestamps, "frame", "frames",
                "had no time stamp; it was guessed from the frame rate."
            ),
            (
                repairedTimestamps, "frame", "frames",
                "had a time stamp that was not after the last; it was repaired."
            ),
            (clockJumps, "time", "times", "the source's clock leapt; it was led on."),
            (skippedFrames, "frame was", "frames were", "not decoded, to keep up."),
            (refittedFrames, "frame", "frames", "had another size or format; fitted to the first."),
        ]
        for (count, one, many, rest) in counts where count > 0 {
            sentences.append("\(pluralized(count, one, many)) \(rest)")
        }
        if isTruncated {
            let reason = endedBy.map { " (\($0))" } ?? ""
            sentences.append("The source ends before the length it states\(reason).")
        }
        return sentences
    }
}
