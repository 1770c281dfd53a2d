internal import CFFmpeg

/// Writes a live source's own packets into a file: pictures and sound as they came, nothing decoded, nothing encoded.
///
/// The file begins with a key picture at zero, grows as `NAME.partial.EXT`, and can be played whenever the program
/// ends. One thread owns the writer.
public struct PacketWriter: ~Copyable {
    private let source: SourceDescription
    private let target: OutputTarget
    private let file: PartialFile
    private let output: FragmentedOutput
    /// The file's stream of each of the source's; nil for those that are left out.
    private let outputIndices: [Int?]
    private let dropped: [WriteReport.DroppedStream]
    private var clock: PacketClock
    private var frames = 0

    /// The ending of the name of a file that holds a source's pictures and sound untouched: `mp4` where it can,
    /// otherwise `mkv`.
    public static func fileExtension(for source: SourceDescription, audio: Bool = true) -> String {
        let wanted = source.streams.indices.filter { isWanted($0, of: source, audio: audio) }
        let fits = wanted.allSatisfy { holds(source.streams[$0], .mp4) }
        return (fits ? Container.mp4 : .mkv).rawValue
    }

    /// Takes the growing file's name.
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
                "Writing \(path): \(container.rawValue) cannot hold the camera's pictures "
                    + "(\(source.streams[source.videoStream].codec)).")
        }
        let configuration = MuxerConfiguration(
            container: container, streams: streams,
            metadata: Metadata.ofFile(source.metadata, replacing: metadata), chapters: [])
        let file = try PartialFile(path: target.partial)
        // Nothing may throw from here on: a noncopyable value cannot be given up half made.
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

    /// Bytes of whole fragments that are in the file.
    public var bytes: Int64 { file.size }
    /// When the picture that was written last is presented, in seconds of the file.
    public private(set) var position = 0.0
    /// The source's clock has leapt, so that another file should begin at the next key picture.
    public var hasClockJump: Bool { clock.hasClockJump }

    /// Writes a packet; one of a stream that is left out, or from before the file's beginning, is passed over.
    ///
    /// The first must be a key picture's.
    /// - Throws: ``VideoError``; the file then ends with its last whole fragment.
    public mutating func write(_ packet: borrowing Packet) throws(VideoError) {
        guard let index = outputIndices[packet.stream] else { return }
        let base = source.streams[packet.stream].timeBase
        let copy = try unsafe Packet(
            sharing: packet.pointer, stream: packet.stream, arrival: packet.arrival)
        let isVideo = packet.stream == source.videoStream
        guard let placed = isVideo ? mapVideo(copy) : mapAudio(copy, base) else { return }
        let presented = copy.shift(toDecodeAt: placed)
        if isVideo {
            frames += 1
            position = Double(presented) * base.value
        }
        try unsafe output.add(copy.release(), stream: index, timeBase: base)
    }

    private mutating func mapVideo(_ packet: borrowing Packet) -> Int64? {
        clock.place(packet.ticks, lead: packet.lead, arrival: packet.arrival)
    }

    private func mapAudio(_ packet: borrowing Packet, _ base: Ratio) -> Int64? {
        packet.ticks.flatMap { clock.place(Timestamp(ticks: $0, timeBase: base)) }
    }

    /// Finishes the file and gives it its name.
    ///
    /// A `plain` file is rewritten with its index in front; otherwise the fragments stay, which costs no second writing
    /// and ends at once. Throws a ``VideoError``; what was written until then stays where the message says.
    public consuming func finish(plain: Bool = false) throws(VideoError) -> WriteReport {
        guard frames > 0 else {
            throw VideoError(
                .noVideo, "Writing \(target.path): no picture came, so nothing was written.")
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
    /// Ticks from decoding to presentation; 0 where either is unknown.
    var lead: Int64 {
        let (pts, dts) = unsafe (pointer.pointee.pts, pointer.pointee.dts)
        guard pts != tl_no_timestamp, dts != tl_no_timestamp else { return 0 }
        return min(max(pts.subtracting(dts), 0), 1 << 40)
    }

    /// Moves both stamps so that decoding happens at a moment; returns that of presentation.
    borrowing func shift(toDecodeAt placed: Int64) -> Int64 {
        let presented = placed.adding(lead)
        unsafe pointer.pointee.pts = presented
        unsafe pointer.pointee.dts = placed
        return presented
    }

    /// Gives the `AVPacket` to a new owner.
    consuming func release() throws(VideoError) -> UnsafeMutablePointer<AVPacket> {
        guard let moved = unsafe av_packet_alloc() else {
            throw VideoError(.other, "Sharing a packet: out of memory.")
        }
        unsafe av_packet_move_ref(moved, pointer)
        return unsafe moved
    }
}
