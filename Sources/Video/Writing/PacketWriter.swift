internal import CFFmpeg

/// Remuxes a live source into a file, without decoding or encoding.
///
/// The file starts with a key frame at zero, grows as `NAME.partial.EXT` and can be played whenever
/// the program ends. Confined to one thread.
public struct PacketWriter: ~Copyable {
    private let source: SourceDescription
    private let target: OutputTarget
    private let file: PartialFile
    private let output: FragmentedOutput
    /// Output stream of each source stream; nil for those left out.
    private let outputIndices: [Int?]
    private let dropped: [WriteReport.DroppedStream]
    private var clock: PacketClock
    private var frames = 0

    /// File extension of a container that holds the source's video and audio unchanged: `mp4` if
    /// possible, otherwise `mkv`.
    public static func fileExtension(for source: SourceDescription, audio: Bool = true) -> String {
        let wanted = source.streams.indices.filter { isWanted($0, of: source, audio: audio) }
        let fits = wanted.allSatisfy { holds(source.streams[$0], .mp4) }
        return (fits ? Container.mp4 : .mkv).rawValue
    }

    /// Creates the growing file.
    ///
    /// - Throws: ``VideoError`` of kind `exists`, `notWritable`, `diskFull` or `unsupported`.
    public init(
        to path: String, source: SourceDescription, audio: Bool = true,
        metadata: [String: String] = [:]
    ) throws(VideoError) {
        let container = try Container(path: path)
        let target = try OutputTarget(path, overwrite: false)
        try target.checkFree()
        var outputIndices: [Int?] = []
        var streams: [MuxStream] = []
        var dropped: [WriteReport.DroppedStream] = []
        for (index, stream) in source.streams.enumerated() {
            let isWanted = Self.isWanted(index, of: source, audio: audio)
            let isHeld = isWanted && Self.holds(stream, container)
            outputIndices.append(isHeld ? streams.count : nil)
            if isHeld { streams.append(Self.muxStream(stream)) }
            if isWanted && !isHeld {
                dropped.append(
                    .init(
                        index: index, name: "\(stream.kind.rawValue) (\(stream.codec))",
                        reason: "\(container.rawValue) cannot hold it"))
            }
        }
        guard let reference = outputIndices[source.videoStream] else {
            throw VideoError(
                .unsupported,
                "Writing \(path): \(container.rawValue) cannot hold the camera's video "
                    + "(\(source.streams[source.videoStream].codec)).")
        }
        let configuration = MuxerConfiguration(
            container: container, streams: streams,
            metadata: Metadata.ofFile(source.metadata, replacing: metadata), chapters: [])
        let file = try PartialFile(target, mode: .guarded)
        // Nothing may throw from here on: a noncopyable value cannot be abandoned half initialized.
        self.source = source
        self.target = target
        self.file = file
        self.outputIndices = outputIndices
        self.dropped = dropped
        output = FragmentedOutput(configuration, reference: reference, file: file)
        clock = PacketClock(
            base: source.streams[source.videoStream].timeBase,
            nominalRate: source.video.nominalRate)
    }

    private static func isWanted(_ index: Int, of source: SourceDescription, audio: Bool) -> Bool {
        index == source.videoStream || (audio && source.streams[index].kind == .audio)
    }

    private static func holds(_ stream: StreamDescription, _ container: Container) -> Bool {
        unsafe container.canHold(
            stream.parameters.pointer, timeBase: stream.timeBase, metadata: stream.metadata)
    }

    private static func muxStream(_ stream: StreamDescription) -> MuxStream {
        MuxStream(
            parameters: stream.parameters, timeBase: stream.timeBase,
            metadata: Metadata.ofStream(stream.metadata, isEncoded: false),
            disposition: stream.disposition)
    }

    /// Bytes of complete fragments in the file.
    public var bytes: Int64 { file.size }
    /// Presentation time of the last video packet, in seconds of the file.
    public private(set) var position = 0.0
    /// True if the source's clock has jumped; another file should begin at the next key frame.
    public var hasClockJump: Bool { clock.hasClockJump }

    /// Writes a packet; ignores packets of streams left out and from before the file's start.
    ///
    /// The first packet must be a key frame.
    ///
    /// - Throws: ``VideoError``; the file then ends with its last complete fragment.
    public mutating func write(_ packet: borrowing Packet) throws(VideoError) {
        guard let index = outputIndices[packet.stream] else { return }
        let base = source.streams[packet.stream].timeBase
        let copy = try unsafe Packet(
            sharing: packet.pointer, stream: packet.stream, arrival: packet.arrival)
        let isVideo = packet.stream == source.videoStream
        clock.note(leap: packet.leap)
        guard let mapped = isVideo ? mapVideo(copy) : mapAudio(copy, base) else { return }
        let presented = copy.shift(toDecodeAt: mapped)
        if isVideo {
            frames += 1
            position = Double(presented) * base.value
        }
        try unsafe output.add(copy.release(), stream: index, timeBase: base)
    }

    private mutating func mapVideo(_ packet: borrowing Packet) -> Int64? {
        clock.map(packet.ticks, lead: packet.lead, arrival: packet.arrival)
    }

    private func mapAudio(_ packet: borrowing Packet, _ base: Ratio) -> Int64? {
        packet.ticks.flatMap { clock.map(Timestamp(ticks: $0, timeBase: base)) }
    }

    /// Finishes the file and gives it its final name.
    ///
    /// A `plain` file is rewritten with its index first. Otherwise it stays fragmented, which is
    /// immediate. Throws a ``VideoError``; its message states where the data is.
    public consuming func finish(plain: Bool = false) throws(VideoError) -> WriteReport {
        guard frames > 0 else {
            throw VideoError(
                .noVideo, "Writing \(target.path): no frame arrived, so nothing was written.")
        }
        try output.finish()
        let diagnostics = Diagnostics()
        let isPlain = try target.conclude(output, file, makesPlain: plain, diagnostics)
        return WriteReport(
            path: target.path, frames: frames, bytes: OutputTarget.size(of: target.path),
            warnings: diagnostics.all, droppedStreams: dropped, isPlain: isPlain)
    }
}

extension Packet {
    /// Ticks from decoding to presentation; 0 if either is unknown.
    var lead: Int64 {
        guard let pts = view.pts, let dts = view.dts else { return 0 }
        return min(max(pts.subtracting(dts), 0), 1 << 40)
    }

    /// Moves both timestamps so that decoding happens at `mapped`; returns the presentation
    /// timestamp.
    borrowing func shift(toDecodeAt mapped: Int64) -> Int64 {
        let presented = mapped.adding(lead)
        (view.pts, view.dts) = (presented, mapped)
        return presented
    }

    /// Moves the content to a new `AVPacket` that the caller owns.
    consuming func release() throws(VideoError) -> UnsafeMutablePointer<AVPacket> {
        guard let moved = unsafe av_packet_alloc() else {
            throw VideoError(.other, "Sharing a packet: out of memory.")
        }
        unsafe av_packet_move_ref(moved, pointer)
        return unsafe moved
    }
}
