internal import CFFmpeg
internal import Pixels

/// Reads a source from start to end: frames in display order, and packets of other streams as they
/// are stored.
///
/// Frames are upright, in a drawable format, with the source's timestamps. Confined to one thread;
/// delivered items may move to other threads.
public struct VideoReader: ~Copyable, Sendable {
    /// Description of the source.
    public internal(set) var description: SourceDescription
    /// Counts and warnings so far.
    public internal(set) var report: ReadReport

    var source: PacketSource
    var stage: FrameStage
    let window: TimeWindow
    /// Extent of each stream read so far.
    private(set) var progress: StreamProgress
    /// Kinds of other streams whose packets are delivered.
    var packetKinds: Set<StreamDescription.Kind>
    private let videoOutput: ReaderOptions.VideoOutput
    private var phase: Phase
    private var isPeeked: Bool
    /// True after ``rewind()``.
    var hasRewound: Bool
    private var losses: LossPropagation
    /// Value of `waited` when the last frame was delivered.
    private var waitedAtFrame: Double

    private enum Phase {
        /// Reading packets.
        case reading
        /// End of packets; draining the decoder.
        case draining
        /// End of frames; reading other packets up to the end of the window.
        case trailing
        case ended
    }

    /// Opens a path, `-` for standard input, a capture device (`/dev/video0`) or an address.
    ///
    /// `stop` is polled while waiting; once true, reading throws an error of kind
    /// ``VideoError/Kind/stopped``. Throws a ``VideoError`` if the source cannot be read.
    public init(
        _ source: String, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) {
        do throws(VideoError) {
            self = try Self.open(source, options, InterruptGuard(stop: stop))
        } catch {
            let unread: [VideoError.Kind] = [
                .unfinishedRecording, .unknownFormat, .damaged, .noVideo, .missingCodec, .other,
            ]
            guard let file = SourceAddress(source).file, unread.contains(error.kind),
                let format = StillImage.unreadableFormat(file)
            else { throw error }
            throw VideoError(
                .unknownFormat,
                "Reading \(source): it is \(format), which is not read here. Convert it to JPEG.")
        }
    }

    /// Creates a reader of what was opened; ``open(_:_:_:)`` does both.
    init(
        source: consuming PacketSource, stage: consuming FrameStage,
        description: SourceDescription, options: ReaderOptions, statedFrames: Int
    ) {
        window = TimeWindow(options, start: description.start, streams: description.streams)
        progress = StreamProgress(description, statedFrames: statedFrames)
        packetKinds = options.packetKinds
        videoOutput = options.videoOutput
        report = ReadReport()
        phase = .reading
        isPeeked = false
        hasRewound = false
        losses = LossPropagation()
        waitedAtFrame = 0
        self.source = source
        self.stage = stage
        self.description = description
    }

    /// Seconds spent waiting for data.
    var waited: Double { source.demuxer.waited }

    /// Frames that the decoder skips to keep up with the source.
    public var decoderSkip: DecoderSkip {
        get { stage.decoderSkip }
        set { stage.decoderSkip = newValue }
    }

    /// Size and format of delivered frames, as far as known.
    var outputFormat: OutputFormat? { stage.outputFormat }

    /// Returns the next frame or packet; nil at the end.
    ///
    /// Throws if a live source stalls or breaks off, if asked to stop, and if memory runs out. A
    /// file that breaks off ends normally; ``report`` tells so.
    public mutating func next() throws(VideoError) -> MediaItem? {
        while true {
            if let frame = try nextFrame() { return .frame(frame) }
            // Key frames alone may be far apart.
            if phase == .reading && videoOutput != .packets && decoderSkip != .nonKey {
                try source.demuxer.checkFrameDeadline(since: waitedAtFrame)
            }
            if phase == .ended { return nil }
            if let packet = try readPacket() { return .packet(packet) }
        }
    }

    private mutating func nextFrame() throws(VideoError) -> Frame? {
        while phase == .reading || phase == .draining {
            if isPeeked {
                isPeeked = false
            } else {
                switch try stage.next(report: &report) {
                case .needsPacket: return nil
                case .frame: break
                case .ended:
                    if rewind() {
                        phase = .reading
                        return nil
                    }
                    try endVideo()
                    return nil
                }
            }
            let timestamp = unsafe Timestamp(
                ticks: stage.buffer.pointer.pointee.pts, timeBase: stage.timeBase)
            if window.isBefore(timestamp) { continue }
            if window.isAfter(timestamp) {
                phase = phase == .draining || packetKinds.isEmpty ? .ended : .trailing
                return nil
            }
            return try deliver(timestamp)
        }
        return nil
    }

    private mutating func deliver(_ timestamp: Timestamp) throws(VideoError) -> Frame {
        let origin = stage.origin
        let frame = try unsafe stage.buffer.take()
        let isCorrupt = unsafe frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0
        if isCorrupt || origin.dependsOnLoss { report.damagedFrames += 1 }
        report.frames += 1
        waitedAtFrame = waited
        return unsafe Frame(
            owning: frame, index: report.frames - 1, timestamp: timestamp,
            duration: stage.repair.length(tl_frame_duration(frame)), isCorrupt: isCorrupt,
            origin: origin)
    }

    private mutating func endVideo() throws(VideoError) {
        phase = .ended
        guard !description.isLive, videoOutput != .packets else { return }
        if window.end == nil && progress.isShort { report.isTruncated = true }
        if report.frames == 0 && window.start == nil {
            guard progress.spans[description.videoStream].packets > 0 else {
                throw VideoError(
                    .noVideo, "Reading \(description.name): its video stream has no frame.")
            }
            throw VideoError(
                .damaged,
                "Reading \(description.name): no frame of it can be decoded. "
                    + "It is damaged, or was not copied completely.")
        }
    }

    /// Reads a packet; sends video to the decoder and returns the packet if it was requested.
    private mutating func readPacket() throws(VideoError) -> Packet? {
        let packet = source.packet.view
        guard try source.next(report: &report) else {
            if phase == .reading { stage.send(nil, report: &report) }
            phase = phase == .reading ? .draining : .ended
            return nil
        }
        defer { unsafe av_packet_unref(packet.pointer) }
        let index = packet.stream
        let origin = source.origin
        progress.note(packet)
        if index == description.videoStream { return try handleVideo(packet, from: origin) }
        guard !packet.isCorrupt else {
            report.corruptPackets += 1
            return nil
        }
        return try handleOther(packet, stream: index, from: origin)
    }

    /// Decodes a video packet unless it is corrupt; copies are delivered either way.
    private mutating func handleVideo(
        _ packet: PacketView, from origin: PacketOrigin
    ) throws(VideoError) -> Packet? {
        var origin = origin
        origin.dependsOnLoss = losses.update(
            source.demuxer.packetLoss, isKey: packet.isKey, report: &report)
        if packet.isCorrupt {
            report.corruptPackets += 1
            stage.noteLoss(at: packet.pts)
        } else if phase == .trailing {
            if window.isOver(after: packet) { phase = .ended }
        } else if phase == .reading && videoOutput != .packets {
            stage.send(packet, from: origin, report: &report)
        }
        guard videoOutput != .frames else { return nil }
        return try unsafe Packet(
            sharing: packet.pointer, stream: description.videoStream, arrival: origin.arrival,
            leap: origin.leap)
    }

    private mutating func handleOther(
        _ packet: PacketView, stream: Int, from origin: PacketOrigin
    ) throws(VideoError) -> Packet? {
        guard packetKinds.contains(description.streams[stream].kind) else { return nil }
        if phase == .trailing && window.isOver(after: packet) {
            phase = .ended
            return nil
        }
        guard window.contains(packet) else { return nil }
        return try unsafe Packet(
            owning: source.packet.take(), stream: stream, arrival: origin.arrival)
    }

    /// Seeks to the last key frame before the window; sources that cannot seek are read from the
    /// start.
    mutating func seekToStart() {
        guard let start = window.start else { return }
        stage.startElsewhere()
        if !description.isLive, source.demuxer.breaksOff {
            if source.demuxer.hasDiscontinuities {
                // FFmpeg drops packets of such playlists until their own timestamps pass the start.
                hasRewound = true
                return
            }
            if source.demuxer.isJoined, source.rewind(description) {
                hasRewound = true
                return
            }
        }
        unsafe av_seek_frame(
            source.demuxer.context, -1, Int64(nearest: start * 1e6), AVSEEK_FLAG_BACKWARD)
    }

    /// Decodes a single image in advance, because only its frame states the orientation.
    mutating func peek() throws(VideoError) {
        while phase != .ended {
            switch try stage.next(report: &report) {
            case .frame:
                isPeeked = true
                unsafe description.video.adopt(stage.buffer.pointer, stage.orientation)
                return
            case .ended: phase = .ended
            case .needsPacket: _ = try readPacket()
            }
        }
        throw VideoError(
            .damaged, "Reading \(description.name): the image is damaged and cannot be decoded.")
    }
}
