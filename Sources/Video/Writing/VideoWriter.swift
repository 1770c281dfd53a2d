internal import CFFmpeg

/// Encodes frames and muxes them with packets of other streams, keeping the source's timeline.
///
/// The file grows as `NAME.partial.EXT` and stays playable if the program is killed at any
/// moment. ``finish()``
/// rewrites it as a plain file under its final name. A writer released without finishing leaves the
/// growing file, or nothing if nothing was written.
public struct VideoWriter: ~Copyable {
    let options: WriterOptions
    let container: Container
    private let target: OutputTarget
    private let file: PartialFile
    let plan: StreamPlan
    let first: SourceDescription
    let diagnostics: Diagnostics
    private var encoder: VideoEncoder?
    private var converter: FrameConverter?
    private var output: FragmentedOutput?
    let transcoders: [Int: AudioTranscoder]
    /// Packets before the first frame.
    private let early = PacketQueue()
    private(set) var timeline: OutputTimeline
    private var frames = 0

    /// Checks target, encoder and streams, and creates the growing file.
    ///
    /// - Throws: ``VideoError`` of kind `exists`, `notWritable`, `diskFull`, `missingCodec` or
    ///   `unsupported`.
    public init(
        to path: String, source: SourceDescription, options: WriterOptions = WriterOptions()
    ) throws(VideoError) {
        let container = try Container(path: path)
        let target = try OutputTarget(path, overwrite: options.overwrite)
        try target.checkFree()
        if target.isSource(source.name) {
            throw VideoError(.unsupported, "Writing \(path): it is the source itself.")
        }
        _ = try unsafe VideoEncoder.find(options.encoder)
        let diagnostics = Diagnostics()
        let plan = StreamPlan(source, container, options, diagnostics)
        let transcoders = try Self.transcoders(of: source, plan)
        for transcoder in transcoders.values {
            if let note = transcoder.mixNote { diagnostics.add(note) }
        }
        let file = try PartialFile(target, mode: options.mode)
        if file.replacedLeftover {
            diagnostics.add("An unfinished \(target.partial) of an earlier run was replaced.")
        }
        // Nothing may throw from here on: a noncopyable value cannot be abandoned half initialized.
        self.options = options
        self.container = container
        self.target = target
        self.file = file
        self.plan = plan
        self.diagnostics = diagnostics
        self.transcoders = transcoders
        first = source
        timeline = OutputTimeline(
            source, options.timeOrigin, clock: options.clock(of: source))
    }

    /// Transcoders for the streams that are re-encoded.
    private static func transcoders(
        of source: SourceDescription, _ plan: StreamPlan
    ) throws(VideoError) -> [Int: AudioTranscoder] {
        var result: [Int: AudioTranscoder] = [:]
        for (index, role) in plan.roles.enumerated() {
            if case .encode = role { result[index] = try AudioTranscoder(source.streams[index]) }
        }
        return result
    }

    /// Bytes of complete fragments in the file.
    public var bytes: Int64 { file.size }

    /// End of the last frame on the output's clock.
    public var end: Timestamp { timeline.end }

    /// Encodes a frame; the first one determines size and format.
    ///
    /// - Throws: ``VideoError`` of kind `diskFull`, `unsupported` (the encoder rejects its
    ///   settings) and others.
    public mutating func write(_ frame: consuming Frame) throws(VideoError) {
        let ticks = timeline.ticks(of: frame.timestamp)
        let duration = timeline.length(frame.duration, frame.timestamp.timeBase)
        let converter = try unsafe converter(for: frame.pointer)
        let converted = try unsafe converter.convert(frame.pointer)
        var owned: UnsafeMutablePointer<AVFrame>? =
            unsafe converted == frame.pointer ? nil : converted
        defer { unsafe av_frame_free(&owned) }
        if encoder == nil { try unsafe open(like: converted, converter) }
        if let sent = try unsafe encoder?.send(converted, ticks: ticks, duration: duration) {
            timeline.wrote(sent, duration)
        }
        frames += 1
        try drain()
    }

    /// Writes a packet of another stream: copied, re-encoded or dropped as ``finish()`` reports.
    public mutating func write(_ packet: consuming Packet) throws(VideoError) {
        guard let index = timeline.stream(packet.stream), plan.roles[index] != .drop else { return }
        let base = timeline.source.streams[packet.stream].timeBase
        guard let copy = unsafe av_packet_clone(packet.pointer) else {
            throw VideoError(.other, "Writing \(target.path): out of memory.")
        }
        let entry = unsafe PacketQueue.Entry(pointer: copy, stream: index, timeBase: base)
        timeline.shift(entry)
        guard timeline.isAfterJoint(entry) else { return entry.free() }
        if output == nil { early.append(entry) } else { try pass(entry) }
    }

    /// Continues with another source, whose frames follow the last one without a gap.
    ///
    /// Frames of another size are scaled to the first source's. Audio continues if it is of the
    /// same kind; otherwise it is dropped with a warning.
    ///
    /// - Returns: Offset added to the source's timestamps, on the first source's video clock.
    @discardableResult
    public mutating func beginSource(_ source: SourceDescription) throws(VideoError) -> Timestamp {
        timeline.begin(source, plan.roles, diagnostics)
        for (index, transcoder) in transcoders {
            guard let next = timeline.match(of: index) else { continue }
            try transcoder.change(to: next)
            try take(transcoder, index)
        }
        return timeline.offset
    }

    /// Finishes the file and gives it its final name.
    ///
    /// If rewriting fails, for example for lack of space, the fragmented file gets the final name,
    /// and the report has a warning.
    ///
    /// - Throws: ``VideoError``; its message states where the data is.
    public consuming func finish() throws(VideoError) -> WriteReport {
        guard encoder != nil else {
            throw VideoError(
                .noVideo, "Writing \(target.path): no frame arrived, so nothing was written.")
        }
        try encoder?.end()
        try drain()
        for (index, transcoder) in transcoders.sorted(by: { $0.key < $1.key }) {
            try transcoder.end()
            try take(transcoder, index)
        }
        try output?.finish()
        noteRepairs()
        // Frees the encoder's memory for the index of a long recording.
        encoder = nil
        return try conclude()
    }

    private func noteRepairs() {
        let counts: [(Int, String, String, String)] = [
            (
                encoder?.repaired ?? 0, "frame", "frames",
                "had a timestamp that did not increase; moved by a tick."
            ),
            (
                output?.repaired ?? 0, "packet", "packets",
                "had a timestamp that did not increase; moved by a tick."
            ),
            (
                early.lost + (output?.lost ?? 0), "audio or text packet was",
                "audio or text packets were",
                "dropped: too early before the video."
            ),
        ]
        for (count, one, many, rest) in counts where count > 0 {
            diagnostics.add("\(pluralized(count, one, many)) \(rest)")
        }
    }

    private func conclude() throws(VideoError) -> WriteReport {
        guard let output else { preconditionFailure("frames were written without an output") }
        let isPlain = try target.conclude(
            output, file, makesPlain: !options.staysFragmented, diagnostics)
        return WriteReport(
            path: target.path, frames: frames, bytes: OutputTarget.size(of: target.path),
            warnings: diagnostics.all, droppedStreams: plan.dropped, isPlain: isPlain)
    }

    private mutating func converter(
        for frame: UnsafePointer<AVFrame>
    ) throws(VideoError) -> FrameConverter {
        if let converter { return converter }
        let codec = try unsafe VideoEncoder.find(options.encoder)
        let made = try unsafe FrameConverter(
            like: frame, codec: codec, options: options, diagnostics: diagnostics)
        converter = made
        return made
    }

    private mutating func open(
        like frame: UnsafePointer<AVFrame>, _ converter: FrameConverter
    ) throws(VideoError) {
        let settings = EncoderSettings(options: options, diagnostics: diagnostics)
        let encoder = try unsafe VideoEncoder(
            settings, like: frame, source: first, width: converter.width,
            height: converter.height, format: converter.format)
        let configuration = try muxerConfiguration(encoder)
        try checkHolds(configuration)
        let reference = plan.roles.compactMap { role in
            if case .video(let output) = role { output } else { nil }
        }.first
        output = FragmentedOutput(configuration, reference: reference ?? 0, file: file)
        self.encoder = encoder
        while let entry = early.removeFirst() { try pass(entry) }
    }

    private func checkHolds(_ configuration: MuxerConfiguration) throws(VideoError) {
        guard
            let video = configuration.streams.first(where: {
                $0.kind == AVMEDIA_TYPE_VIDEO && !$0.isCover
            }),
            unsafe !container.canHold(video.parameters.pointer, timeBase: video.timeBase)
        else { return }
        throw VideoError(
            .unsupported,
            "Writing \(target.path): \(container.rawValue) cannot hold the output of \(options.encoder); try .mkv."
        )
    }

    /// Passes a packet to the file or its transcoder; takes ownership.
    private mutating func pass(_ entry: PacketQueue.Entry) throws(VideoError) {
        switch plan.roles[entry.stream] {
        case .copy(let stream):
            timeline.passed(entry)
            try unsafe output?.add(entry.pointer, stream: stream, timeBase: entry.timeBase)
        case .encode:
            defer { entry.free() }
            guard let transcoder = transcoders[entry.stream] else { return }
            try unsafe transcoder.send(entry.pointer)
            try take(transcoder, entry.stream)
        case .video, .drop: entry.free()
        }
    }

    private mutating func take(_ transcoder: AudioTranscoder, _ index: Int) throws(VideoError) {
        guard case .encode(let stream) = plan.roles[index] else { return }
        while let packet = unsafe transcoder.next() {
            try unsafe output?.add(packet, stream: stream, timeBase: transcoder.timeBase)
        }
    }

    private mutating func drain() throws(VideoError) {
        let stream = plan.roles.firstIndex {
            if case .video = $0 { true } else { false }
        }
        guard let stream, case .video(let index) = plan.roles[stream] else { return }
        let base = options.clock(of: first)
        while let packet = try unsafe encoder?.next() {
            try unsafe output?.add(packet, stream: index, timeBase: base)
        }
    }
}
