internal import CFFmpeg
internal import Pixels

/// Reads a source from beginning to end: pictures in the order they are shown, and packets of the streams beside
/// them as they come.
///
/// Pictures are upright, in a format that can be drawn on, and carry the source's own time. Not thread-safe: one
/// thread owns the reader; what it delivers may be moved elsewhere.
public struct VideoReader: ~Copyable, Sendable {
    /// What the source says of itself.
    public private(set) var description: SourceDescription
    /// What happened so far.
    public private(set) var report: ReadReport

    private var demuxer: Demuxer
    private var stage: PictureStage
    private let packet: PacketBuffer
    private var window: TimeWindow
    /// How far each stream came.
    private(set) var progress: StreamProgress
    private let packetKinds: Set<StreamDescription.Kind>
    private let onPacket: (@Sendable (PacketFacts) -> Void)?
    private let pictures: ReaderOptions.Pictures
    private var phase: Phase
    private var isPeeked: Bool
    private var damagedReads: Int
    private var origins: PictureOrigins
    private var losses: NetworkLosses
    /// Seconds that had been spent waiting for bytes when the last picture was delivered.
    private var waitedAtPicture: Double

    private enum Phase {
        /// Packets come.
        case reading
        /// No more packets; the decoder gives what it holds.
        case draining
        /// All pictures are out; packets up to the end of the window follow.
        case trailing
        case ended
    }

    /// Opens a source: a path, `-` for standard input, a camera (`/dev/video0`), or an address.
    ///
    /// `stop` is asked while waiting; once true, reading throws an error of kind ``VideoError/Kind/stopped``.
    /// Throws a ``VideoError`` that says in words why the source cannot be read.
    public init(
        _ source: String, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) {
        self = try Self.open(source, options, InterruptGuard(stop: stop))
    }

    private static func open(
        _ source: String, _ options: ReaderOptions, _ waiting: InterruptGuard
    ) throws(VideoError) -> VideoReader {
        var demuxer = try Demuxer(SourceAddress(source), options: options, waiting: waiting)
        let index = try demuxer.videoStream()
        demuxer.pictures = index
        guard let stream = unsafe demuxer.stream(index) else { throw demuxer.noVideo }
        let picture = unsafe PictureDescription(stream, in: demuxer)
        let isImage = demuxer.isImage
        let decoder = try unsafe Decoder(
            stream, of: demuxer.address.name, threads: isImage ? 1 : options.threads)
        let look = options.look ?? PictureLook(width: picture.width, height: picture.height)
        let stage = try unsafe PictureStage(
            decoder: decoder, timeBase: Ratio(stream.pointee.time_base),
            nominalRate: picture.nominalRate, orientation: Orientation(of: stream),
            look: isImage || look.width == 0 ? nil : look, deinterlace: options.deinterlace,
            isLive: demuxer.isLive)
        let description = try SourceDescription(demuxer, video: index, picture: picture)
        let isOdd = unsafe Orientation(of: stream).isOdd
        let packet = try PacketBuffer()
        var reader = VideoReader(
            demuxer: demuxer, stage: stage, packet: packet, description: description,
            options: options)
        if isOdd {
            reader.report.notices.append(
                "The source asks for a turn that is no right angle; ignored.")
        }
        reader.seekToStart()
        if isImage { try reader.peek() }
        return reader
    }

    private init(
        demuxer: consuming Demuxer, stage: consuming PictureStage, packet: consuming PacketBuffer,
        description: SourceDescription, options: ReaderOptions
    ) {
        window = TimeWindow(options, start: description.start, streams: description.streams)
        let stated = unsafe demuxer.stream(description.videoStream)?.pointee.nb_frames
        progress = StreamProgress(description, statedPictures: stated.map { Int($0) })
        packetKinds = options.packetKinds
        onPacket = options.onPacket
        pictures = options.pictures
        report = ReadReport()
        phase = .reading
        isPeeked = false
        damagedReads = 0
        origins = PictureOrigins(
            held: demuxer.heldPictures(of: description.videoStream),
            timeBase: description.streams[description.videoStream].timeBase)
        losses = NetworkLosses()
        waitedAtPicture = 0
        self.demuxer = demuxer
        self.stage = stage
        self.packet = packet
        self.description = description
    }

    /// Seconds that were spent waiting for bytes.
    var waited: Double { demuxer.waited }

    /// Which pictures the decoder leaves out, to keep up with the source.
    public var leniency: Leniency {
        get { stage.leniency }
        set { stage.leniency = newValue }
    }

    /// Size and format of the delivered pictures, as far as they are known.
    var look: PictureLook? { stage.look }

    /// Delivers the next picture or packet; nil at the end.
    ///
    /// Throws when a live source falls silent or breaks off, when asked to stop, and when memory runs out; a file
    /// that breaks off simply ends, and ``report`` says so.
    public mutating func next() throws(VideoError) -> MediaItem? {
        while true {
            if let frame = try nextFrame() { return .frame(frame) }
            // Key pictures alone may rightly be far apart.
            if phase == .reading && pictures != .copied && leniency != .nonKey {
                try demuxer.expectPicture(since: waitedAtPicture)
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
                case .picture: break
                case .ended:
                    try endPictures()
                    return nil
                }
            }
            let stamp = unsafe Timestamp(
                ticks: stage.buffer.pointer.pointee.pts, timeBase: stage.timeBase)
            if window.isBefore(stamp) { continue }
            if window.isAfter(stamp) {
                phase = phase == .draining || packetKinds.isEmpty ? .ended : .trailing
                return nil
            }
            return try deliver(stamp)
        }
        return nil
    }

    private mutating func deliver(_ stamp: Timestamp) throws(VideoError) -> Frame {
        let origin = stage.origin
        let frame = try unsafe stage.buffer.take()
        let isBroken = unsafe frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0
        if isBroken || origin.leansOnLoss { report.damagedFrames += 1 }
        report.frames += 1
        waitedAtPicture = waited
        return unsafe Frame(
            owning: frame, index: report.frames - 1, timestamp: stamp,
            duration: stage.repair.length(tl_frame_duration(frame)), isBroken: isBroken,
            origin: origin)
    }

    private mutating func endPictures() throws(VideoError) {
        phase = .ended
        guard !description.isLive, pictures != .copied else { return }
        if window.end == nil && progress.isShort { report.isTruncated = true }
        if report.frames == 0 && window.start == nil {
            throw VideoError(
                .damaged,
                "Reading \(description.name): not one picture in it can be decoded. "
                    + "It is damaged, or was not copied completely.")
        }
    }

    /// Reads one packet: pictures' go to the decoder; all are returned where they are wanted.
    private mutating func readPacket() throws(VideoError) -> Packet? {
        let packet = unsafe self.packet.pointer
        let waited = demuxer.waited
        guard try readAnything() else {
            if phase == .reading { unsafe stage.send(nil, report: &report) }
            phase = phase == .reading ? .draining : .ended
            return nil
        }
        defer { unsafe av_packet_unref(packet) }
        let index = unsafe Int(packet.pointee.stream_index)
        guard description.streams.indices.contains(index) else { return nil }
        unsafe progress.note(packet)
        var origin = unsafe PacketOrigin(packet)
        if index == description.videoStream { origin = origins.next(origin) }
        if let onPacket {
            let timeBase = description.streams[index].timeBase
            let wait = demuxer.waited - waited
            onPacket(unsafe PacketFacts(packet, from: origin, timeBase: timeBase, wait: wait))
        }
        if index == description.videoStream { return try unsafe ofPictures(packet, from: origin) }
        guard unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT == 0 else {
            report.corruptPackets += 1
            return nil
        }
        return try unsafe besides(packet, stream: index, from: origin)
    }

    /// Decodes a packet unless it is damaged; a copy is what the source sent, damaged or not.
    private mutating func ofPictures(
        _ packet: UnsafeMutablePointer<AVPacket>, from origin: PacketOrigin
    ) throws(VideoError) -> Packet? {
        var origin = origin
        let isKey = unsafe packet.pointee.flags & AV_PKT_FLAG_KEY != 0
        origin.leansOnLoss = losses.reach(demuxer.trouble, isKey: isKey, report: &report)
        if unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 {
            report.corruptPackets += 1
            unsafe stage.noteLoss(at: packet.pointee.pts)
        } else if phase == .trailing {
            if unsafe window.isOver(after: packet) { phase = .ended }
        } else if phase == .reading && pictures != .copied {
            unsafe stage.send(packet, from: origin, report: &report)
        }
        guard pictures != .decoded else { return nil }
        return try unsafe Packet(
            sharing: packet, stream: description.videoStream, arrival: origin.arrival)
    }

    private mutating func besides(
        _ packet: UnsafeMutablePointer<AVPacket>, stream: Int, from origin: PacketOrigin
    ) throws(VideoError) -> Packet? {
        guard packetKinds.contains(description.streams[stream].kind) else { return nil }
        if unsafe phase == .trailing && window.isOver(after: packet) {
            phase = .ended
            return nil
        }
        guard unsafe window.contains(packet) else { return nil }
        return try unsafe Packet(
            owning: self.packet.take(), stream: stream, arrival: origin.arrival)
    }

    /// Reads on over damage; false at the end of the source.
    private mutating func readAnything() throws(VideoError) -> Bool {
        while true {
            do throws(VideoError) {
                guard try unsafe demuxer.read(into: packet.pointer) else { return false }
                damagedReads = 0
                return true
            } catch {
                let isOver = [.stopped, .timedOut].contains(error.kind)
                if isOver || description.isLive || progress.isEmpty { throw error }
                damagedReads += 1
                if damagedReads < 32 { continue }
                report.isTruncated = true
                report.endedBy = FFmpegLog.lastLine.map(redacted) ?? error.message
                return false
            }
        }
    }

    /// Goes to the last key frame before the window; sources that cannot are read from their beginning.
    private mutating func seekToStart() {
        guard let start = window.start else { return }
        stage.startElsewhere()
        unsafe av_seek_frame(demuxer.context, -1, Int64(nearest: start * 1e6), AVSEEK_FLAG_BACKWARD)
    }

    /// Decodes a single image ahead, because only its picture knows how it is turned.
    private mutating func peek() throws(VideoError) {
        while phase != .ended {
            switch try stage.next(report: &report) {
            case .picture:
                isPeeked = true
                unsafe description.picture.adopt(stage.buffer.pointer, stage.orientation)
                return
            case .ended: phase = .ended
            case .needsPacket: _ = try readPacket()
            }
        }
        throw VideoError(
            .damaged, "Reading \(description.name): the image is damaged and cannot be shown.")
    }
}
