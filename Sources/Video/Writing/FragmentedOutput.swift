internal import CFFmpeg

/// Fragmented file that stays readable if the program is killed, except for its last fragment.
///
/// mp4 and mov have fragments of half a second, mkv has clusters. The header is written at the
/// first encoded frame, when the first decode timestamps of all streams are known.
@safe final class FragmentedOutput {
    /// Presentation time and duration of a stream's last packet.
    struct LastPacket {
        var pts: Int64
        var duration: Int64
        var timeBase: Ratio
    }

    private(set) var configuration: MuxerConfiguration
    private let file: PartialFile
    private var muxer: Muxer?
    private let queue = PacketQueue()
    /// Index of the reference stream, the video; other streams wait for it.
    private let reference: Int
    private var referenceTime: Timestamp?
    private var fragmentStart: Double?
    private var progress = -Double.infinity
    private var leads: [Int64]
    /// AAC streams whose packets carry the ADTS header that the container stores once.
    private let needsHeader: [Bool]
    private var deltas: [Int64]
    /// First presentation timestamp of each stream; nil if it has no packet.
    private(set) var starts: [Timestamp?]
    /// Negative timestamps at the start of Matroska audio, which FFmpeg writes but does not read.
    private(set) var timestampsBeforeZero: [[Int64]]
    /// Packet presented last in each stream; nil if there is none.
    private(set) var lastPackets: [LastPacket?]
    /// Packets that the plain file takes from memory, not from the fragmented file.
    let retained = PacketQueue()

    /// Duration of a fragment in seconds.
    private static let fragmentLength = 0.5
    /// Seconds that a stream may be ahead of the video before it stops waiting.
    private static let patience = 1.0

    init(_ configuration: MuxerConfiguration, reference: Int, file: PartialFile) {
        self.configuration = configuration
        self.file = file
        self.reference = reference
        let count = configuration.streams.count
        leads = Array(repeating: 0, count: count)
        deltas = Array(repeating: tl_no_timestamp, count: count)
        starts = Array(repeating: nil, count: count)
        lastPackets = Array(repeating: nil, count: count)
        timestampsBeforeZero = Array(repeating: [], count: count)
        needsHeader = configuration.streams.map { stream in
            let parameters = unsafe stream.parameters.pointer.pointee
            return unsafe parameters.codec_id == AV_CODEC_ID_AAC && parameters.extradata_size == 0
        }
    }

    /// Packets whose timestamps did not increase and were moved by a tick.
    var repaired: Int { muxer?.repaired ?? 0 }
    /// Packets written to each stream.
    var counts: [Int] { muxer?.counts ?? [] }
    /// Packets dropped because too many waited for video.
    var lost: Int { queue.lost + retained.lost }

    /// Adds a packet with timestamps in `timeBase`; takes ownership.
    func add(
        _ pointer: UnsafeMutablePointer<AVPacket>, stream: Int, timeBase: Ratio
    ) throws(VideoError) {
        let entry = unsafe PacketQueue.Entry(pointer: pointer, stream: stream, timeBase: timeBase)
        do throws(VideoError) {
            try prepare(for: entry)
        } catch {
            entry.free()
            throw error
        }
        if stream == reference { return try write(entry) }
        queue.append(entry)
        if muxer != nil { try release() }
    }

    /// Prepares headers and waiting packets before a packet is written or queued.
    private func prepare(for entry: PacketQueue.Entry) throws(VideoError) {
        if needsHeader[entry.stream], let header = unsafe ADTSHeader.strip(entry.pointer),
            muxer == nil
        {
            try setHeader(header, entry.stream)
        }
        guard entry.stream == reference else { return }
        if muxer == nil { try openHeader(first: entry) }
        referenceTime = entry.sortTimestamp
        try release()
    }

    /// Writes the waiting packets and the trailer.
    func finish() throws(VideoError) {
        while let entry = queue.removeFirst() { try write(entry) }
        if configuration.container.isMovie { try flush() }
        try commit()
        try muxer?.close()
        try commit()
        file.synchronize()
    }

    private func openHeader(first: PacketQueue.Entry) throws(VideoError) {
        var options = ["flush_packets": "0"]
        if configuration.container.isMovie {
            options["movflags"] =
                "frag_custom+empty_moov+delay_moov+default_base_moof+frag_discont+skip_trailer"
                + configuration.metadataFlag
            options["use_editlist"] = "0"
            options["video_track_timescale"] = String(configuration.videoTimescale)
        } else {
            options["cluster_time_limit"] = String(Int(Self.fragmentLength * 1000))
        }
        for stream in configuration.streams.indices where needsHeader[stream] {
            let parameters = unsafe configuration.streams[stream].parameters.pointer
            guard unsafe parameters.pointee.extradata_size == 0,
                let header = unsafe ADTSHeader.assumed(parameters)
            else { continue }
            try setHeader(header, stream)
        }
        let firsts = firstPackets(first)
        let muxer = try unsafe Muxer(configuration, path: file.path, io: file.io)
        try muxer.open(options)
        self.muxer = muxer
        if configuration.container.isMovie { chooseLeads(firsts, muxer) }
    }

    private func setHeader(_ header: [UInt8], _ stream: Int) throws(VideoError) {
        let source = configuration.streams[stream].parameters
        guard unsafe source.pointer.pointee.extradata_size == 0 else { return }
        let result: Result<CodecParameters, VideoError> = unsafe header.withUnsafeBufferPointer {
            bytes in
            do throws(VideoError) {
                return .success(try unsafe CodecParameters(copying: source.pointer, header: bytes))
            } catch {
                return .failure(error)
            }
        }
        configuration.streams[stream].parameters = try result.get()
    }

    /// First packet of each stream, as far as they have arrived.
    private func firstPackets(_ first: PacketQueue.Entry) -> [PacketQueue.Entry] {
        var seen: Set<Int> = []
        return ([first] + queue.waiting).filter { seen.insert($0.stream).inserted }
    }

    /// Chooses each track's lead, so that none starts before zero; see ``EditList``.
    private func chooseLeads(_ firsts: [PacketQueue.Entry], _ muxer: Muxer) {
        for stream in configuration.streams.indices
        where configuration.streams[stream].kind == AVMEDIA_TYPE_AUDIO {
            // Audio may start with its encoder delay; nothing more is known of streams that start
            // late.
            leads[stream] = 4096
        }
        for entry in firsts {
            guard let timestamp = entry.decodeTimestamp else { continue }
            let start = timestamp.rescaled(to: muxer.timeBase(of: entry.stream)).ticks
            leads[entry.stream] = min(max(0, Int64(0).subtracting(start)), .farthestTicks)
        }
    }

    /// Writes waiting packets up to the time of the video.
    private func release() throws(VideoError) {
        guard let now = referenceTime else { return }
        while let entry = queue.first {
            let isDue = !now.isBefore(entry.sortTimestamp)
            let newest = queue.last?.sortTimestamp.seconds ?? 0
            guard isDue || newest - entry.sortTimestamp.seconds > Self.patience else { return }
            _ = queue.removeFirst()
            try write(entry)
        }
    }

    private func write(_ entry: PacketQueue.Entry) throws(VideoError) {
        defer { entry.free() }
        let stream = configuration.streams[entry.stream]
        if stream.isRetained { keep(entry) }
        if !stream.isCover { try cutFragment(before: entry) }
        noteLastPacket(entry)
        rescale(entry, stream)
        noteBeforeZero(entry)
        try unsafe muxer?.write(entry.pointer, stream: entry.stream)
        if !configuration.container.isMovie { try commit() }
    }

    private func noteLastPacket(_ entry: PacketQueue.Entry) {
        let before = lastPackets[entry.stream]
        guard let pts = entry.view.pts, pts >= before?.pts ?? pts else { return }
        // A packet of unknown duration lasts as long as the one before, at least a tick: a track
        // that ended with its start would lose it.
        let step = before.map { pts.subtracting($0.pts) } ?? 0
        let isTimed = [AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO].contains(
            configuration.streams[entry.stream].kind)
        let duration = entry.view.duration > 0 || isTimed ? entry.view.duration : max(step, 1)
        lastPackets[entry.stream] = LastPacket(
            pts: pts, duration: duration, timeBase: entry.timeBase)
    }

    private func noteBeforeZero(_ entry: PacketQueue.Entry) {
        guard let pts = entry.view.pts, pts < 0, configuration.container == .mkv,
            configuration.streams[entry.stream].kind == AVMEDIA_TYPE_AUDIO,
            timestampsBeforeZero[entry.stream].count < 64
        else { return }
        timestampsBeforeZero[entry.stream].append(pts)
    }

    private func keep(_ entry: PacketQueue.Entry) {
        guard let copy = unsafe av_packet_clone(entry.pointer) else { return }
        retained.append(
            unsafe PacketQueue.Entry(pointer: copy, stream: entry.stream, timeBase: entry.timeBase))
    }

    private func cutFragment(before entry: PacketQueue.Entry) throws(VideoError) {
        let time = entry.sortTimestamp.seconds
        progress = max(progress, time)
        let start = fragmentStart ?? time
        fragmentStart = start
        guard configuration.container.isMovie, progress - start >= Self.fragmentLength else {
            return
        }
        try flush()
        try commit()
        fragmentStart = progress
    }

    /// Ends a fragment and checks that it is whole.
    private func flush() throws(VideoError) {
        FFmpegLog.capture()
        try muxer?.flush()
        guard !file.holdsWholeBoxes else { return }
        file.discard()
        let reason = FFmpegLog.lastLine.map { " (\($0))" } ?? ""
        throw VideoError(
            .other,
            "Writing \(file.path): FFmpeg could not write a fragment\(reason). "
                + "Write .mkv instead.")
    }

    private func commit() throws(VideoError) {
        // Tracks in the file are the streams without cover art.
        let tracks = configuration.streams.indices.filter { configuration.streams[$0].isTrack }.map
        { leads[$0] }
        try file.commit { bytes in EditList.insert(leads: tracks, into: &bytes) }
    }

    private func rescale(_ entry: PacketQueue.Entry, _ stream: MuxStream) {
        guard let base = muxer?.timeBase(of: entry.stream) else { return }
        let source = entry.timeBase.rational
        let packet = entry.view
        let isCoarse = stream.timeBase.value * Double(stream.sampleRate) > 1.5
        let decoded = packet.dts ?? packet.pts
        unsafe av_packet_rescale_ts(packet.pointer, source, base.rational)
        // FFmpeg starts a fragment at the sum of all durations before it. A frame that lasts beyond
        // that would shift the first timestamp of the next fragment. Readers take intervals from
        // timestamps, so the shortest duration loses nothing.
        if entry.stream == reference, configuration.container.isMovie {
            packet.duration = 1
        }
        if stream.kind == AVMEDIA_TYPE_AUDIO, isCoarse, configuration.container.isMovie,
            packet.pts != nil, let decoded
        {
            countSamples(packet, decoded, entry, base)
        }
        if packet.dts == nil { packet.dts = packet.pts }
        if starts[entry.stream] == nil, let pts = packet.pts {
            starts[entry.stream] = Timestamp(ticks: pts, timeBase: base)
        }
        packet.shift(by: leads[entry.stream])
    }

    /// Restores exact audio timestamps from mkv's rounded milliseconds by counting samples.
    private func countSamples(
        _ packet: PacketView, _ dts: Int64, _ entry: PacketQueue.Entry,
        _ base: Ratio
    ) {
        let stream = configuration.streams[entry.stream]
        let samples = unsafe av_get_audio_frame_duration2(
            stream.parameters.pointer, Int32(packet.size))
        guard samples > 0 else { return }
        let clock = AVRational(num: 1, den: Int32(stream.sampleRate))
        let ticks = unsafe av_rescale_delta(
            entry.timeBase.rational, dts, clock, samples, &deltas[entry.stream],
            base.rational)
        (packet.dts, packet.pts) = (ticks, ticks)
    }
}
