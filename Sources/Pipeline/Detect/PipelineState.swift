internal import Flow
internal import Synchronization
internal import Video

/// What travels along the line: a picture or packet and the number of its source.
struct PipelineItem: ~Copyable, Sendable {
    let source: Int
    var media: MediaItem
}

/// What the stages of one line tell one another and the outside.
final class PipelineState: Sendable {
    /// Every frame's fate.
    let ledger = FrameLedger()
    /// Asked to end early.
    let stop: StopSignal
    private let sources = Lock<[OpenedSource]>([])
    private let notes = Lock<[String]>([])
    private let written = Lock<[String]>([])
    private let micros = Atomic<Int64>(0)

    init(stop: StopSignal) { self.stop = stop }

    /// A source and where its clock stands in the joined recording.
    struct OpenedSource: Sendable {
        let description: SourceDescription
        /// Seconds of the joined recording at which the source's own start lies.
        let offset: Double

        /// Seconds of the joined recording at which a player shows a frame with this timestamp.
        func time(of timestamp: Timestamp) -> Double { offset + description.time(of: timestamp) }
    }

    /// Adds a source that was opened and returns its number.
    func open(_ description: SourceDescription, offset: Double) -> Int {
        sources.withLock { sources in
            sources.append(OpenedSource(description: description, offset: offset))
            return sources.count - 1
        }
    }

    /// A source that was opened before anything of it was sent.
    func source(_ index: Int) -> OpenedSource { sources.withLock { $0[index] } }

    /// The first source, once there is one.
    var firstSource: OpenedSource? { sources.withLock { $0.first } }

    /// Remembers a sentence for the person who asked; the same one only once.
    func note(_ sentence: String) {
        notes.withLock { if !$0.contains(sentence) { $0.append(sentence) } }
    }

    /// All sentences so far.
    var notices: [String] { notes.withLock { $0 } }

    /// Remembers a finished file.
    func wrote(_ path: String) { written.withLock { $0.append(path) } }

    /// All finished files.
    var files: [String] { written.withLock { $0 } }

    /// The sum at the end of the line; after a failure what was under way counts as dropped.
    func closedCounts(afterFailure failed: Bool) -> FrameCounts {
        var counts = ledger.counts
        if failed && counts.inFlight > 0 {
            counts.dropped[.failed, default: 0] += counts.inFlight
        }
        return counts
    }

    /// The moment of the recording that was analysed last, in seconds.
    var position: Double {
        get { Double(micros.load(ordering: .relaxed)) / 1e6 }
        set { micros.store(Int64((newValue * 1e6).bounded), ordering: .relaxed) }
    }
}

extension Double {
    /// The value brought into a range that whole numbers can hold; hostile stamps may lie anywhere.
    fileprivate var bounded: Double { isNaN ? 0 : Swift.min(Swift.max(self, -9e18), 9e18) }
}
