internal import Flow
internal import Synchronization
internal import Video

/// An item of the pipeline: a frame or packet with the index of its source.
struct PipelineItem: ~Copyable, Sendable {
    let source: Int
    var media: MediaItem
}

/// State that the stages of one pipeline share.
final class PipelineState: Sendable {
    /// Counts of frames by their fate.
    let ledger = FrameLedger()
    /// Request to end early.
    let stop: StopSignal
    private let sources = Lock<[OpenedSource]>([])
    private let warningList = Lock<[String]>([])
    private let written = Lock<[String]>([])
    private let summaryLines = Lock<[String]>([])
    private let micros = Atomic<Int64>(0)

    init(stop: StopSignal) { self.stop = stop }

    /// A source and its offset in the joined recording.
    struct OpenedSource: Sendable {
        let description: SourceDescription
        /// Start of the source in seconds of the joined recording.
        let offset: Double

        /// Seconds of the joined recording for a timestamp of this source.
        func time(of timestamp: Timestamp) -> Double { offset + description.time(of: timestamp) }
    }

    /// Adds an opened source and returns its index.
    func open(_ description: SourceDescription, offset: Double) -> Int {
        sources.withLock { sources in
            sources.append(OpenedSource(description: description, offset: offset))
            return sources.count - 1
        }
    }

    /// The source with an index; it is added before its first item is sent.
    func source(_ index: Int) -> OpenedSource { sources.withLock { $0[index] } }

    /// The first opened source; nil before.
    var firstSource: OpenedSource? { sources.withLock { $0.first } }

    /// Adds a warning unless it was added before.
    func warn(_ sentence: String) {
        warningList.withLock { if !$0.contains(sentence) { $0.append(sentence) } }
    }

    /// All warnings so far.
    var warnings: [String] { warningList.withLock { $0 } }

    /// Summary of counts, a line each.
    var summary: [String] {
        get { summaryLines.withLock { $0 } }
        set { summaryLines.withLock { $0 = newValue } }
    }

    /// Adds the path of a finished file.
    func wrote(_ path: String) { written.withLock { $0.append(path) } }

    /// Paths of all finished files.
    var files: [String] { written.withLock { $0 } }

    /// Final counts of frames; after an error those in flight count as dropped.
    func closedCounts(afterFailure failed: Bool) -> FrameCounts {
        var counts = ledger.counts
        if failed && counts.inFlight > 0 {
            counts.dropped[.failed, default: 0] += counts.inFlight
        }
        return counts
    }

    /// Time of the last analysed frame, in seconds of the recording.
    var position: Double {
        get { Double(micros.load(ordering: .relaxed)) / 1e6 }
        set { micros.store(Int64((newValue * 1e6).bounded), ordering: .relaxed) }
    }
}

extension Double {
    /// The value limited to the range of `Int64`, since timestamps of a hostile file can have any value.
    fileprivate var bounded: Double { isNaN ? 0 : Swift.min(Swift.max(self, -9e18), 9e18) }
}
