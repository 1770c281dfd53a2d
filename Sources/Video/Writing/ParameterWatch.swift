internal import CFFmpeg

/// Detects changes of a camera's parameter sets within a connection.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe public struct ParameterWatch: ~Copyable, @unchecked Sendable {
    /// Source with the parameters of the latest key frame.
    public private(set) var source: SourceDescription
    private var filter: UnsafeMutablePointer<AVBSFContext>?
    private var header: Set<[UInt8]>?

    /// Starts watching the video stream of a source.
    public init(_ source: SourceDescription) {
        self.source = source
        unsafe filter = Self.extractor(source.streams[source.videoStream])
    }

    deinit {
        var filter: UnsafeMutablePointer<AVBSFContext>? = unsafe filter
        unsafe av_bsf_free(&filter)
    }

    /// FFmpeg's `extract_extradata` filter; nil for codecs without parameter sets in packets.
    private static func extractor(
        _ stream: StreamDescription
    ) -> UnsafeMutablePointer<AVBSFContext>? {
        let kind = unsafe av_bsf_get_by_name("extract_extradata")
        var context: UnsafeMutablePointer<AVBSFContext>?
        guard unsafe av_bsf_alloc(kind, &context) >= 0, let made = unsafe context else {
            return nil
        }
        unsafe avcodec_parameters_copy(made.pointee.par_in, stream.parameters.pointer)
        unsafe made.pointee.time_base_in = stream.timeBase.rational
        if unsafe av_bsf_init(made) < 0 { unsafe av_bsf_free(&context) }
        return unsafe context
    }

    /// Examines a key frame's packet; true if its parameters differ from those before, so that
    /// another file must begin.
    public mutating func note(_ packet: borrowing Packet) throws(VideoError) -> Bool {
        guard packet.isKey, packet.stream == source.videoStream,
            let found = header(in: packet), case let units = Self.units(found),
            // A camera may repeat its parameter sets, or only some of them.
            header.map({ !units.isSubset(of: $0) }) ?? true
        else { return false }
        let isFirst = header == nil
        header = units
        let stream = source.streams[source.videoStream]
        let size = unsafe Self.size(in: packet.pointer, stream)
        let parameters: Result<CodecParameters, VideoError> = unsafe found.withUnsafeBufferPointer {
            bytes in
            do throws(VideoError) {
                return .success(
                    try unsafe CodecParameters(
                        copying: stream.parameters.pointer, header: bytes, size: size))
            } catch {
                return .failure(error)
            }
        }
        source.streams[source.videoStream].parameters = try parameters.get()
        // Parameters stated before the first frame are provisional.
        return !isFirst
    }

    /// Parameter sets of a header in Annex B, without start codes; the whole of another header.
    static func units(_ header: [UInt8]) -> Set<[UInt8]> {
        var starts: [Int] = []
        for index in header.indices.dropLast(2)
        where header[index] == 0 && header[index + 1] == 0 && header[index + 2] == 1 {
            starts.append(index + 3)
        }
        guard !starts.isEmpty else { return [header] }
        let ends = starts.dropFirst().map { $0 - 3 } + [header.count]
        return Set(
            zip(starts, ends).map { start, end in
                var unit = header[start..<end]
                while unit.last == 0 { unit.removeLast() }
                return Array(unit)
            })
    }

    private func header(in packet: borrowing Packet) -> [UInt8]? {
        if let told = unsafe Self.sideData(of: packet.pointer) { return told }
        guard let filter = unsafe filter, let copy = unsafe av_packet_clone(packet.pointer) else {
            return nil
        }
        var owned: UnsafeMutablePointer<AVPacket>? = unsafe copy
        defer { unsafe av_packet_free(&owned) }
        guard unsafe av_bsf_send_packet(filter, copy) >= 0,
            unsafe av_bsf_receive_packet(filter, copy) >= 0
        else {
            unsafe av_bsf_flush(filter)
            return nil
        }
        return unsafe Self.sideData(of: copy)
    }

    private static func sideData(of packet: UnsafePointer<AVPacket>) -> [UInt8]? {
        var size = 0
        guard
            let data = unsafe av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &size),
            size > 0
        else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: data, count: size))
    }

    /// Coded frame size; nil if FFmpeg's parser does not know it.
    private static func size(
        in packet: UnsafePointer<AVPacket>, _ stream: StreamDescription
    ) -> (width: Int32, height: Int32)? {
        let codec = unsafe stream.parameters.pointer.pointee.codec_id
        guard let parser = unsafe tl_parser_open(codec) else { return nil }
        defer { unsafe av_parser_close(parser) }
        var context = unsafe avcodec_alloc_context3(nil)
        defer { unsafe avcodec_free_context(&context) }
        guard let opened = unsafe context else { return nil }
        unsafe opened.pointee.codec_id = codec
        unsafe parser.pointee.flags |= PARSER_FLAG_COMPLETE_FRAMES
        var output: UnsafeMutablePointer<UInt8>?
        var count: Int32 = 0
        unsafe _ = av_parser_parse2(
            parser, opened, &output, &count, packet.pointee.data, packet.pointee.size,
            tl_no_timestamp, tl_no_timestamp, 0)
        let size = unsafe (width: parser.pointee.width, height: parser.pointee.height)
        return size.width > 0 && size.height > 0 ? size : nil
    }
}
