internal import Flow
package import Video

/// The first stage: reads sources one after another and sends pictures and packets down the line.
struct DecodeStage: Sendable {
    let sources: [String]
    let options: ReaderOptions
    /// Seconds of wall time after which a live source is left.
    let liveFor: Double?
    let state: PipelineState
    let recorder: StageRecorder

    /// Runs until all sources have ended, somebody asks to stop, or nobody listens any more.
    ///
    /// A joined recording goes on without a part that cannot be read, and says so.
    func run(into sender: inout Sender<PipelineItem>) throws(VideoError) {
        var offset = 0.0
        var report = ReadReport()
        defer { note(report) }
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
                    throw Self.silence(of: source)
                }
                guard sources.count > 1 else { throw error }
                state.note("Left out of the joined recording: \(error.message)")
            }
        }
        if state.firstSource == nil && !state.stop.isRequested {
            throw VideoError(.noVideo, "None of the joined files could be read.")
        }
    }

    /// The time of `--for` went by without a picture.
    private static func silence(of source: String) -> VideoError {
        VideoError(
            .timedOut,
            "Reading \(redacted(source)): no picture came in the time that --for gives. "
                + "Check that the source is on and can be reached.")
    }

    /// Sends one source and moves the offset to where the next begins on the joined clock, also when it breaks off.
    private func read(
        _ source: String, offset: inout Double, report: inout ReadReport,
        into sender: inout Sender<PipelineItem>
    ) throws(VideoError) {
        var reader = try VideoReader(source, options: options, stop: stopTest(source))
        let number = state.open(reader.description, offset: offset)
        var end = 0.0
        defer {
            // What is skipped of a source leaves no hole before the next.
            offset += max(end - (options.start ?? 0), 0)
            report = report.adding(reader.report)
        }
        while let item = try timed({ () throws(VideoError) in try reader.next() }) {
            end = max(end, item.end(in: reader.description))
            guard send(PipelineItem(source: number, media: item), into: &sender) else { break }
        }
    }

    /// Sends what a camera delivers until it is time to go; losses are bridged and said.
    private func watch(_ source: String, into sender: inout Sender<PipelineItem>) throws(VideoError)
    {
        var live = try LiveSource(source, options: options, stop: stopTest(source))
        defer { note(live.report) }
        var number: Int?
        while true {
            switch try live.next() {
            case .reconnected(let gap):
                let seconds = DecimalText.text(gap.seconds, decimals: 1)
                state.note(
                    "The source was lost for \(seconds) s and is back (\(gap.reason)).")
            case .item(let item):
                // A camera's clock stands anywhere: its recording starts with the first picture.
                let place = number ?? state.open(live.description.starting(with: item), offset: 0)
                number = place
                count(item, since: nil)
                guard send(PipelineItem(source: place, media: item), into: &sender) else { return }
            }
        }
    }

    /// Says what went wrong with a source, and what could be done better.
    private func note(_ report: ReadReport) {
        for warning in report.warnings { state.note(warning) }
        guard report.interlacedFrames > 0, !options.deinterlace else { return }
        state.note(
            "\(pluralized(report.interlacedFrames, "frame is", "frames are")) interlaced; --deinterlace removes the combs."
        )
    }

    /// Reads one item, timed and counted; nil at the end or when asked to stop.
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

    /// True once somebody asked to stop or the time for a source is over; files are read whole.
    private func stopTest(_ source: String) -> @Sendable () -> Bool {
        let stop = state.stop
        let clock = MonotonicClock.system
        let limit = SourceList.isAddress(source) ? liveFor : nil
        let end = limit.map { clock.now + UInt64($0 * 1e9) }
        return { stop.isRequested || end.map { clock.now >= $0 } == true }
    }

    /// Hands an item on; false when nobody listens any more.
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
    /// True for pictures, which are counted.
    var isFrame: Bool { media.isFrame }
}

extension MediaItem {
    /// True for pictures, which are counted.
    package var isFrame: Bool {
        switch self {
        case .frame: true
        case .packet: false
        }
    }

    /// The moment after a picture, in seconds as a player shows them; 0 for what is no picture.
    package borrowing func end(in source: SourceDescription) -> Double {
        switch self {
        case .frame(let frame): source.end(of: frame)
        case .packet: 0
        }
    }
}

extension SourceDescription {
    /// The same source with its clock's start at a picture.
    fileprivate func starting(with item: borrowing MediaItem) -> SourceDescription {
        var description = self
        switch item {
        case .frame(let frame): description.start = frame.timestamp.seconds
        case .packet: break
        }
        return description
    }
}
