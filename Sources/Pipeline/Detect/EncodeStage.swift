internal import Flow
internal import Video

/// The last stage of the pipeline: encodes frames and writes them and packets in their order.
struct EncodeStage: Sendable {
    let path: String
    let options: WriterOptions
    /// Seconds that were skipped at the start of each source.
    let skipped: Double
    let state: PipelineState
    let recorder: StepRecorder

    /// Writes until the stage before ends, then finishes the file; it stays readable after any failure.
    func run(from receiver: inout Receiver<PipelineItem>) throws {
        guard let first = receiver.receive() else { return }
        var current = first.source
        let source = state.source(current).description
        var options = options
        if skipped > 0 || source.zero != 0 { options.timeOrigin = .seconds(source.zero + skipped) }
        var writer = try VideoWriter(to: path, source: source, options: options)
        try write(first, to: &writer)
        while let item = receiver.receive() {
            if item.source != current {
                current = item.source
                var next = state.source(current).description
                next.start = next.zero + skipped
                try writer.beginSource(next)
            }
            try write(item, to: &writer)
        }
        let report = try writer.finish()
        state.wrote(report.path)
        for notice in report.warnings { state.warn(notice) }
        for stream in report.droppedStreams {
            state.warn("Left out of \(report.path): \(stream.name), because \(stream.reason).")
        }
    }

    private func write(
        _ item: consuming PipelineItem, to writer: inout VideoWriter
    ) throws(VideoError) {
        switch consume item.media {
        case .packet(let packet):
            try writer.write(packet)
        case .frame(let frame):
            let start = MonotonicClock.system.now
            try writer.write(frame)
            recorder.record(.encode, MonotonicClock.system.now - start)
        }
    }
}
