internal import Configuration
internal import Flow
internal import Foundation
internal import Video

/// Job of one recording or camera: a pipeline of decode, analyse and encode, each on its own thread.
struct DetectJob: Sendable {
    let sources: [String]
    let video: String?
    /// Number of the video stream to watch, from 1; nil for the default one.
    var videoStream: Int?
    let description: DetectDescription
    let context: DetectionContext
    let console: Console
    let stop: StopSignal
    let recorder: StepRecorder

    /// Capacity of the queue before the encoder: it smooths bursts and limits memory.
    private static let encoderCapacity = 2
    /// Capacity of the queue before the analysing stage, where more frames wait for detectors.
    private static let analysisCapacity = 1
    /// Limit of the encoder's threads: each holds frames in memory, and more would not make the
    /// pipeline faster, since the network takes longer than encoding.
    private static let encoderThreads = min(4, ProcessInfo.processInfo.activeProcessorCount)

    /// Runs the pipeline to its end.
    func run() -> JobReport {
        let state = PipelineState(stop: stop)
        let start = MonotonicClock.system.now
        var isLive = isKnownLive
        var failure: RunError?
        do {
            let chain = StageChain()
            let limit = LiveLimit(description.input.liveFor)
            let opened = open(limit)
            if let opened { isLive = opened.isLive }
            try assemble(chain, state, isLive: isLive, opened, limit)
            try watch(state) { () throws(StageFailure) in try chain.join() }
        } catch let error as StageFailure {
            failure = Self.describe(error)
        } catch {
            failure = RunError(.failed, "Starting the pipeline: \(error)")
        }
        var report = JobReport(sources: sources, failure: failure)
        report.isStopped = stop.isRequested && !isLive
        report.files = state.files
        report.warnings = state.warnings
        report.summary = state.summary
        report.counts = state.closedCounts(afterFailure: failure != nil)
        report.mediaSeconds = state.position
        report.wallSeconds = Double(MonotonicClock.system.now - start) / 1e9
        if failure == nil {
            report.failure = Self.failure(of: report.counts, isStopped: stop.isRequested)
        }
        return report
    }

    /// Error of a pipeline whose stages ended without one, found by its counts; nil for success.
    private static func failure(of counts: FrameCounts, isStopped: Bool) -> RunError? {
        guard counts.check() else { return RunError(.failed, "Frames do not add up: \(counts).") }
        guard counts.decoded == 0, !isStopped else { return nil }
        return RunError(.noVideo, "The part given by --start and --duration has no frame.")
    }

    /// True when the setting or an address says that a source is live.
    private var isKnownLive: Bool {
        switch description.input.kind {
        case .auto: sources.contains(where: SourceList.isLive)
        case .live: true
        case .recording: false
        }
    }

    /// Opens a first source with an HTTP address; nil for other sources.
    private func open(_ limit: LiveLimit) -> OpenedReader? {
        guard SourceList.isAmbiguous(sources[0]), !isKnownLive else { return nil }
        return OpenedReader(
            sources[0], options: readerOptions(isLive: false),
            stop: limit.stopTest(sources[0], stop))
    }

    /// Starts the stages; without video there is no encoder.
    private func assemble(
        _ chain: StageChain, _ state: PipelineState, isLive: Bool, _ opened: OpenedReader?,
        _ limit: LiveLimit
    ) throws {
        let decoded = Channel<PipelineItem>(
            BackPressure(isLive: isLive), capacity: Self.analysisCapacity)
        let decode = DecodeStage(
            sources: sources, options: readerOptions(isLive: isLive), opened: opened,
            limit: limit, state: state, recorder: recorder, isWriting: video != nil)
        try chain.source("decode", into: decoded.sender) { try decode.run(into: &$0) }
        guard let video else {
            return try chain.sink("analyse", from: decoded.receiver) { receiver in
                var stage = try analyseStage(state, isLive: isLive)
                try stage.run(from: &receiver)
            }
        }
        let analysed = Channel<PipelineItem>(.everyFrame, capacity: Self.encoderCapacity)
        let encode = EncodeStage(
            path: video, options: writerOptions(isLive: isLive),
            skipped: description.input.start ?? 0,
            state: state, recorder: recorder)
        try chain.stage("analyse", from: decoded.receiver, into: analysed.sender) {
            (receiver, sender) in
            var stage = try analyseStage(state, isLive: isLive)
            try stage.run(from: &receiver, into: &sender)
        }
        try chain.sink("encode", from: analysed.receiver) { try encode.run(from: &$0) }
    }

    private func analyseStage(_ state: PipelineState, isLive: Bool) throws -> AnalyseStage {
        var context = context
        context.isLive = isLive
        return try AnalyseStage(
            context, schedule: DetectionSchedule(description.tracking), state: state,
            recorder: recorder)
    }

    /// Reports progress while the body runs.
    private func watch(
        _ state: PipelineState, _ body: () throws(StageFailure) -> Void
    ) throws(StageFailure) {
        let progress = Progress(
            console: console, state: state, label: sources.count == 1 ? sources[0] : "joined",
            skipped: description.input.start ?? 0,
            total: { state.firstSource.flatMap { self.expected($0.description) } })
        try repeating(every: progress.interval, { progress.print(after: $0) }, during: body)
    }

    private func expected(_ source: SourceDescription) -> Double? {
        let input = description.input
        guard sources.count == 1, !source.isLive else { return input.liveFor }
        let whole = source.duration.map { $0 - (input.start ?? 0) }
        guard let part = input.duration else { return whole }
        return min(part, whole ?? part)
    }

    /// Options of the reader; its decoder keeps one thread, so that damaged recordings give the same
    /// frames in every run.
    private func readerOptions(isLive: Bool) -> ReaderOptions {
        let input = description.input
        var options = ReaderOptions()
        options.start = input.start
        options.duration = input.duration
        options.deinterlace = input.deinterlace
        options.kind = SourceKind(rawValue: input.kind.rawValue) ?? .auto
        options.rate = input.rate
        options.videoStream = videoStream
        options.packetKinds =
            video == nil || isLive ? [] : [.video, .audio, .subtitle, .data, .attachment]
        return options
    }

    private func writerOptions(isLive: Bool) -> WriterOptions {
        let output = description.output
        var options = WriterOptions()
        options.encoder = output.encoder
        options.threads = Self.encoderThreads
        options.preset = output.preset ?? options.preset
        if let bits = output.bitrate { options.rate = .bitrate(bits) }
        if let quality = output.crf { options.rate = .quality(Double(quality)) }
        options.keepsSourcePixelFormat = output.pixelFormat.keepsSource
        options.audio = output.audio.handling
        options.writesOtherStreams = !isLive
        options.overwrite = output.overwrite
        options.isJoined = sources.count > 1
        return options
    }

    private static func describe(_ failure: StageFailure) -> RunError {
        switch failure.cause {
        case let error as VideoError: RunError(error)
        case let error as RunError: error
        default: RunError(.failed, failure.description)
        }
    }
}
