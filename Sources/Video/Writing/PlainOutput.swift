internal import CFFmpeg

/// Remuxes a finished fragmented file into a plain one with its index first.
enum PlainOutput {
    /// Copies `file`, finished by `output`, to an empty one; after an error the caller removes the
    /// incomplete file.
    ///
    /// FFmpeg opens both by their descriptors: their names may point to other files by then.
    static func make(
        from file: LockedFile, of output: FragmentedOutput, to plain: LockedFile
    ) throws(VideoError) {
        let partial = file.path
        let configuration = output.configuration
        var input: UnsafeMutablePointer<AVFormatContext>?
        var options = FFmpegDictionary(["ignore_chapters": "1"])
        try unsafe check(
            avformat_open_input(&input, file.descriptorPath, nil, &options.pointer),
            "Reading \(partial)")
        defer { unsafe avformat_close_input(&input) }
        guard let source = unsafe input else { return }
        // Without this call FFmpeg loses Matroska's negative timestamps.
        try unsafe check(avformat_find_stream_info(source, nil), "Reading \(partial)")

        let muxer = try unsafe Muxer(
            completed(configuration, from: source), path: plain.descriptorPath, io: nil)
        try muxer.open(settings(configuration, output.starts.compactMap { $0 }))
        try unsafe copy(source, of: output, to: muxer)
        try write(output.retained, before: nil, to: muxer)
        try muxer.close()
        try compare(output.counts, muxer.counts)
    }

    /// Throws if a stream has not as many packets as the fragmented file.
    private static func compare(_ written: [Int], _ copied: [Int]) throws(VideoError) {
        for (stream, (first, second)) in zip(written, copied).enumerated() where first != second {
            throw VideoError(
                .other,
                "Rewriting the growing file: \(second) of \(first) packets of stream \(stream) were found again."
            )
        }
    }

    private static func settings(_ configuration: MuxerConfiguration, _ starts: [Timestamp])
        -> [String: String]
    {
        guard configuration.container.isMovie else { return ["cues_to_front": "1"] }
        return [
            "movflags": "faststart" + configuration.metadataFlag,
            "video_track_timescale": String(configuration.videoTimescale),
            "movie_timescale": String(configuration.movieTimescale(starts: starts)),
            "use_editlist": "1",
        ]
    }

    /// Takes the codec headers from the fragmented file: in the container's form (H.264 without
    /// start codes), and complete (AAC from transport streams).
    ///
    /// Also takes the number of reordered frames, which some encoders do not state. From it FFmpeg
    /// computes the decode timestamps that Matroska does not store.
    private static func completed(
        _ configuration: MuxerConfiguration, from source: UnsafeMutablePointer<AVFormatContext>
    ) throws(VideoError) -> MuxerConfiguration {
        var result = configuration
        for (track, stream) in tracks(of: configuration).enumerated()
        where track < Int(unsafe source.pointee.nb_streams) {
            let read = unsafe tl_stream(source, Int32(track)).pointee.codecpar
            guard let read = unsafe read, unsafe read.pointee.extradata_size > 0 else { continue }
            let parameters = try unsafe CodecParameters(
                copying: configuration.streams[stream].parameters.pointer,
                header: UnsafeBufferPointer(
                    start: read.pointee.extradata, count: Int(read.pointee.extradata_size)))
            let delay = unsafe max(
                parameters.pointer.pointee.video_delay, read.pointee.video_delay)
            unsafe parameters.pointer.pointee.video_delay = delay
            result.streams[stream].parameters = parameters
        }
        return result
    }

    /// Stream index of each track in the fragmented file; cover art is no track.
    private static func tracks(of configuration: MuxerConfiguration) -> [Int] {
        configuration.streams.indices.filter { configuration.streams[$0].isTrack }
    }

    /// Copies all packets that are not kept in memory.
    private static func copy(
        _ source: UnsafeMutablePointer<AVFormatContext>, of output: FragmentedOutput,
        to muxer: Muxer
    ) throws(VideoError) {
        let tracks = tracks(of: output.configuration)
        var before = output.timestampsBeforeZero.map { $0[...] }
        var packet = unsafe av_packet_alloc()
        defer { unsafe av_packet_free(&packet) }
        guard let packet = unsafe packet else { return }
        while true {
            let code = unsafe av_read_frame(source, packet)
            if code == tl_error_end { return }
            try check(code, "Reading the growing file again")
            defer { unsafe av_packet_unref(packet) }
            let track = Int(unsafe packet.pointee.stream_index)
            guard track < tracks.count, !output.configuration.streams[tracks[track]].isRetained
            else { continue }
            let stream = tracks[track]
            let base = unsafe tl_stream(source, Int32(track)).pointee.time_base
            try write(
                output.retained,
                before: Timestamp(ticks: unsafe packet.pointee.dts, timeBase: Ratio(base)),
                to: muxer)
            let clock = muxer.timeBase(of: stream).rational
            unsafe av_packet_rescale_ts(packet, base, clock)
            unsafe correct(
                packet, timestamp: before[stream].popFirst(), output.lastPackets[stream], clock)
            try unsafe muxer.write(packet, stream: stream)
        }
    }

    /// Restores a timestamp and a duration that the fragmented file does not state.
    ///
    /// FFmpeg's demuxer guesses negative timestamps. Of the durations only the last one matters in
    /// a plain file, so every packet gets that of its stream's last packet.
    private static func correct(
        _ packet: UnsafeMutablePointer<AVPacket>, timestamp: Int64?,
        _ last: FragmentedOutput.LastPacket?, _ clock: AVRational
    ) {
        if let timestamp {
            unsafe (packet.pointee.pts, packet.pointee.dts) = (timestamp, timestamp)
        }
        if let length = last?.length(in: clock) { unsafe packet.pointee.duration = length }
    }

    /// Writes kept packets that precede `time`, or all if it is nil.
    private static func write(
        _ retained: PacketQueue, before time: Timestamp?, to muxer: Muxer
    ) throws(VideoError) {
        while let entry = retained.first {
            if let time, time.isBefore(entry.sortTimestamp) { return }
            _ = retained.removeFirst()
            defer { entry.free() }
            let base = muxer.timeBase(of: entry.stream)
            unsafe av_packet_rescale_ts(entry.pointer, entry.timeBase.rational, base.rational)
            try unsafe muxer.write(entry.pointer, stream: entry.stream)
        }
    }
}

extension FragmentedOutput.LastPacket {
    /// Duration in ticks of a clock, at least one; nil if unknown.
    fileprivate func length(in clock: AVRational) -> Int64? {
        duration > 0 ? max(1, av_rescale_q(duration, timeBase.rational, clock)) : nil
    }
}
