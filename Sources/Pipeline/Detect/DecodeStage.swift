internal import Flow
internal import Glibc
package import Video

/// The first stage of the pipeline: reads sources one after another and sends frames and packets.
struct DecodeStage: Sendable {
    let sources: [String]
    let options: ReaderOptions
    /// First source, where it had to be opened to find out if it is live.
    let opened: OpenedReader?
    /// Limit of the time for live sources.
    let limit: LiveLimit
    let state: PipelineState
    let recorder: StepRecorder
    /// True when annotated video is written.
    let isWriting: Bool

    /// Runs until all sources have ended, a stop is requested, or the receiver has gone.
    ///
    /// A joined recording continues without a part that cannot be read, with a warning.
    func run(into sender: inout Sender<PipelineItem>) throws(VideoError) {
        var offset = 0.0
        var report = ReadReport()
        defer { warn(report) }
        for source in sources where !state.stop.isRequested {
            do throws(VideoError) {
                try decode(source, offset: &offset, report: &report, into: &sender)
            } catch {
                if error.kind == .stopped {
                    guard state.firstSource == nil, !state.stop.isRequested else { return }
                    throw Self.timeout(of: source)
                }
                guard sources.count > 1 else { throw error }
                state.warn("Left out of the joined recording: \(error.message)")
            }
        }
        if state.firstSource == nil && !state.stop.isRequested {
            throw VideoError(.noVideo, "None of the joined files could be read.")
        }
    }

    /// Error for a source that sent no frame within the time of `--for`.
    private static func timeout(of source: String) -> VideoError {
        VideoError(
            .timedOut,
            "Reading \(redacted(source)): no frame arrived within the time of --for. "
                + "Check that the source is on and can be reached.")
    }

    /// Sends one source: a camera until its time is over, a recording to its end.
    private func decode(
        _ source: String, offset: inout Double, report: inout ReadReport,
        into sender: inout Sender<PipelineItem>
    ) throws(VideoError) {
        let stop = limit.stopTest(source, state.stop)
        if SourceList.isLive(source), options.kind != .recording {
            return try watch(LiveSource(source, options: options, stop: stop), into: &sender)
        }
        let reader: VideoReader
        if let opened, source == sources.first {
            reader = try opened.take()
        } else {
            reader = try VideoReader(source, options: options, stop: stop)
        }
        // Only addresses can be opened again after a loss.
        guard reader.description.isLive, SourceList.isAmbiguous(source) else {
            return try read(reader, offset: &offset, report: &report, into: &sender)
        }
        try watch(
            LiveSource(continuing: reader, source, options: options, stop: stop), into: &sender)
    }

    /// Sends one source and advances the offset to its end on the joined clock, also after an error.
    private func read(
        _ opened: consuming VideoReader, offset: inout Double, report: inout ReadReport,
        into sender: inout Sender<PipelineItem>
    ) throws(VideoError) {
        var reader = opened
        let number = state.open(reader.description, offset: offset)
        noteSound(of: reader.description)
        var end = 0.0
        defer {
            // The skipped start of a source leaves no gap before the next source.
            offset += max(end - (options.start ?? 0), 0)
            report = report.adding(reader.report)
        }
        while let item = try timed({ () throws(VideoError) in try reader.next() }) {
            end = max(end, item.end(in: reader.description))
            guard send(PipelineItem(source: number, media: item), into: &sender) else { break }
        }
    }

    /// Sends a camera's frames until a stop or the end of its time; lost connections are reported.
    private func watch(
        _ opened: consuming LiveSource, into sender: inout Sender<PipelineItem>
    ) throws(VideoError) {
        var live = opened
        defer { warn(live.report) }
        var number: Int?
        // Reading must not pause where the time of reading is the timestamp.
        var opening =
            live.description.isStampedByArrival ? nil : OpeningFrames(begun: limit.begun)
        while true {
            switch try live.next() {
            case .reconnected(let gap):
                let seconds = DecimalText.text(gap.seconds, decimals: 1)
                state.warn(
                    "The source was lost for \(seconds) s and reconnected (\(gap.reason)).")
            case .item(let item):
                // A camera's first timestamp is arbitrary: its recording starts with the first frame.
                if number == nil { noteSound(of: live.description) }
                let index = number ?? state.open(live.description.starting(with: item), offset: 0)
                number = index
                let time = item.frameTimestamp()?.seconds
                if let time, opening?.contains(time) == true { waitForAnalysis(sender) }
                count(item, since: nil)
                guard send(PipelineItem(source: index, media: item), into: &sender) else { return }
                if let time, let frames = opening, frames.end == nil {
                    waitForAnalysis(sender)
                    opening?.begin(at: time)
                }
            }
        }
    }

    /// Waits until the frames sent so far are analysed, so that the next one replaces none.
    private func waitForAnalysis(_ sender: borrowing Sender<PipelineItem>) {
        while state.ledger.counts.inFlight > 0, !state.stop.isRequested, !sender.isClosed {
            usleep(1000)
        }
    }

    /// Tells that the annotated video of a live source has no sound.
    private func noteSound(of source: SourceDescription) {
        // Over RTSP, sound that is not wanted is not asked for, and so not known.
        let mayHaveSound = source.format == "rtsp" || source.streams.contains { $0.kind == .audio }
        guard isWriting, source.isLive, mayHaveSound else { return }
        state.warn("The sound of live sources is left out; live --record keeps it.")
    }

    /// Passes on a reader's warnings, with advice.
    private func warn(_ report: ReadReport) {
        for warning in report.warnings { state.warn(warning) }
        guard report.interlacedFrames > 0, !options.deinterlace else { return }
        state.warn(
            "\(pluralized(report.interlacedFrames, "frame is", "frames are")) interlaced; --deinterlace removes the comb artefacts."
        )
    }

    /// Reads one item, timed and counted; nil at the end or on a stop.
    private func timed(
        _ read: () throws(VideoError) -> MediaItem?
    ) throws(VideoError) -> MediaItem? {
        guard !state.stop.isRequested else { return nil }
        let start = MonotonicClock.system.now
        guard let item = try read() else { return nil }
        count(item, since: start)
        return item
    }

    private func count(_ item: borrowing MediaItem, since start: UInt64?) {
        guard item.isFrame else { return }
        state.ledger.countDecoded()
        if let start { recorder.record(.decode, MonotonicClock.system.now - start) }
    }

    /// Sends an item; false when the receiver has gone.
    private func send(_ item: consuming PipelineItem, into sender: inout Sender<PipelineItem>)
        -> Bool
    {
        switch sender.send(item) {
        case .sent:
            return true
        case .replaced(let older):
            if older.isFrame { state.ledger.countDropped(.replacedByNewer) }
            return true
        case .closed(let refused):
            if refused.isFrame { state.ledger.countDropped(.stopped) }
            return false
        }
    }
}

extension PipelineItem {
    /// True for a frame, which is counted; false for a packet.
    var isFrame: Bool { media.isFrame }
}

extension MediaItem {
    /// True for a frame, which is counted; false for a packet.
    package var isFrame: Bool {
        switch self {
        case .frame: true
        case .packet: false
        }
    }

    /// End of a frame in seconds of a player's timeline; 0 for a packet.
    package borrowing func end(in source: SourceDescription) -> Double {
        switch self {
        case .frame(let frame): source.end(of: frame)
        case .packet: 0
        }
    }
}

extension SourceDescription {
    /// The same source with its start at a frame.
    fileprivate func starting(with item: borrowing MediaItem) -> SourceDescription {
        var description = self
        switch item {
        case .frame(let frame): description.start = frame.timestamp.seconds
        case .packet: break
        }
        return description
    }
}

/// Frames that a live source sent while it was being opened and the detector started; none of them
/// is dropped.
private struct OpeningFrames {
    /// Time at which opening began, in nanoseconds of the monotonic clock.
    let begun: UInt64
    /// Seconds of the source's clock at which they end; nil before the first frame.
    private(set) var end: Double?

    init(begun: UInt64) { self.begun = begun }

    /// Notes the time of the first frame, once it is analysed.
    mutating func begin(at time: Double) {
        end = time + Double(MonotonicClock.system.now - begun) / 1e9
    }

    func contains(_ time: Double) -> Bool { end.map { time <= $0 } ?? true }
}
