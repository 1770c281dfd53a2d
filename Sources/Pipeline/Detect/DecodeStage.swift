internal import Flow
package import Video

/// The first stage of the pipeline: reads sources one after another and sends frames and packets.
struct DecodeStage: Sendable {
    let sources: [String]
    let options: ReaderOptions
    /// Seconds of wall time after which a live source is left.
    let liveFor: Double?
    let state: PipelineState
    let recorder: StepRecorder

    /// Runs until all sources have ended, a stop is requested, or the receiver has gone.
    ///
    /// A joined recording continues without a part that cannot be read, with a warning.
    func run(into sender: inout Sender<PipelineItem>) throws(VideoError) {
        var offset = 0.0
        var report = ReadReport()
        defer { warn(report) }
        for source in sources where !state.stop.isRequested {
            do throws(VideoError) {
                if SourceList.isLive(source) {
                    try watch(source, into: &sender)
                } else {
                    try read(source, offset: &offset, report: &report, into: &sender)
                }
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

    /// Sends one source and advances the offset to its end on the joined clock, also after an error.
    private func read(
        _ source: String, offset: inout Double, report: inout ReadReport,
        into sender: inout Sender<PipelineItem>
    ) throws(VideoError) {
        var reader = try VideoReader(source, options: options, stop: stopTest(source))
        let number = state.open(reader.description, offset: offset)
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
    private func watch(_ source: String, into sender: inout Sender<PipelineItem>) throws(VideoError)
    {
        var live = try LiveSource(source, options: options, stop: stopTest(source))
        defer { warn(live.report) }
        var number: Int?
        while true {
            switch try live.next() {
            case .reconnected(let gap):
                let seconds = DecimalText.text(gap.seconds, decimals: 1)
                state.warn(
                    "The source was lost for \(seconds) s and reconnected (\(gap.reason)).")
            case .item(let item):
                // A camera's first timestamp is arbitrary: its recording starts with the first frame.
                let index = number ?? state.open(live.description.starting(with: item), offset: 0)
                number = index
                count(item, since: nil)
                guard send(PipelineItem(source: index, media: item), into: &sender) else { return }
            }
        }
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

    /// A test for a stop, or for the end of a live source's time; files are read to their end.
    private func stopTest(_ source: String) -> @Sendable () -> Bool {
        let stop = state.stop
        let clock = MonotonicClock.system
        let limit = SourceList.isAddress(source) ? liveFor : nil
        let end = limit.map { clock.now + UInt64($0 * 1e9) }
        return { stop.isRequested || end.map { clock.now >= $0 } == true }
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
