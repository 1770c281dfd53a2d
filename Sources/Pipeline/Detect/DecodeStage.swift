internal import Flow
internal import Video

/// The first stage: reads sources one after another and sends pictures and packets down the line.
struct DecodeStage: Sendable {
    let sources: [String]
    let options: ReaderOptions
    /// Seconds of wall time after which a live source is left.
    let liveFor: Double?
    let state: LineState
    let recorder: StageRecorder

    /// Runs until all sources have ended, somebody asks to stop, or nobody listens any more.
    ///
    /// A joined recording goes on without a part that cannot be read, and says so.
    func run(into sender: inout Sender<LineItem>) throws {
        var offset = 0.0
        for (index, source) in sources.enumerated() where !state.stop.isRequested {
            do {
                offset = try read(source, offset: offset, into: &sender)
            } catch let error as VideoError where error.kind == .stopped {
                return
            } catch let error as VideoError where index > 0 || sources.count > index + 1 {
                state.note("Left out of the joined recording: \(error.message)")
            }
        }
        if state.firstSource == nil && !state.stop.isRequested {
            throw VideoError(.noVideo, "None of the joined files could be read.")
        }
    }

    /// Sends one source and returns where the next begins on the joined clock.
    private func read(
        _ source: String, offset: Double, into sender: inout Sender<LineItem>
    ) throws(VideoError) -> Double {
        var reader = try VideoReader(source, options: options, stop: stopTest())
        let number = state.open(reader.description, offset: offset)
        defer { for warning in reader.report.warnings { state.note(warning) } }
        var end = 0.0
        while let item = try next(&reader) {
            if case .frame(let frame) = item { end = max(end, reader.description.end(of: frame)) }
            guard send(LineItem(source: number, media: item), into: &sender) else { break }
        }
        return offset + end
    }

    private func next(_ reader: inout VideoReader) throws(VideoError) -> MediaItem? {
        guard !state.stop.isRequested else { return nil }
        let start = MonotonicClock.system.now
        let item = try reader.next()
        if case .frame = item {
            recorder.record(.decode, MonotonicClock.system.now - start)
            state.ledger.countDecoded()
        }
        return item
    }

    /// True once somebody asked to stop or the time for a live source is over.
    private func stopTest() -> @Sendable () -> Bool {
        let stop = state.stop
        let clock = MonotonicClock.system
        let end = liveFor.map { clock.now + UInt64($0 * 1e9) }
        return { stop.isRequested || end.map { clock.now >= $0 } == true }
    }

    /// Hands an item on; false when nobody listens any more.
    private func send(_ item: consuming LineItem, into sender: inout Sender<LineItem>) -> Bool {
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

extension LineItem {
    /// True for pictures, which are counted.
    var isFrame: Bool {
        if case .frame = media { return true }
        return false
    }
}
