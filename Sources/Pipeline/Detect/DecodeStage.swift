internal import Flow
internal import Video

/// The first stage: reads sources one after another and sends pictures and packets down the line.
struct DecodeStage: Sendable {
    let sources: [String]
    let options: ReaderOptions
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
        let stop = state.stop
        var reader = try VideoReader(source, options: options) { stop.isRequested }
        let number = state.open(reader.description, offset: offset)
        defer { for warning in reader.report.warnings { state.note(warning) } }
        var end = 0.0
        while !state.stop.isRequested {
            let start = MonotonicClock.system.now
            guard let item = try reader.next() else { break }
            if case .frame(let frame) = item {
                recorder.record(.decode, MonotonicClock.system.now - start)
                end = max(end, reader.description.end(of: frame))
            }
            guard send(LineItem(source: number, media: item), into: &sender) else { break }
        }
        return offset + end
    }
}
