internal import CFFmpeg

/// Reading from the start where seeking led nowhere.
extension VideoReader {
    /// Starts again at the first packet if seeking to the window found no frame in it; false if
    /// there is nothing to try.
    ///
    /// FFmpeg seeks by timestamps. In joined transport streams these begin again, so a position
    /// that exists on the joined clock lies beyond all of them.
    mutating func rewind() -> Bool {
        guard !hasRewound, window.start != nil, report.frames == 0, !description.isLive,
            source.demuxer.breaksOff
        else { return false }
        hasRewound = true
        guard source.rewind(description) else { return false }
        stage.restart(nominalRate: description.video.nominalRate)
        return true
    }
}

/// Streams to choose from.
extension VideoReader {
    /// Number of video streams of a source.
    public static func videoStreamCount(
        _ source: String, options: ReaderOptions = ReaderOptions(),
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) -> Int {
        try Demuxer(
            SourceAddress(source), options: options, waiting: InterruptGuard(stop: stop)
        ).videoStreams.count
    }
}

extension Demuxer {
    /// True for an HLS playlist with discontinuities.
    var hasDiscontinuities: Bool {
        guard format == "hls" else { return false }
        if let network { return network.hasDiscontinuity }
        return address.file.map { Playlist.hasDiscontinuity(file: $0) } ?? false
    }

    /// True if timestamps go back from one place in the file to a later one.
    ///
    /// Seeking by timestamps would then lead into the wrong part. Leaves the position anywhere.
    var isJoined: Bool {
        guard address.file != nil, let io = unsafe context.pointee.pb else { return false }
        let size = unsafe avio_size(io)
        guard size > 0, let packet = unsafe av_packet_alloc() else { return false }
        var owned: UnsafeMutablePointer<AVPacket>? = unsafe packet
        defer { unsafe av_packet_free(&owned) }
        var last = Int64.min
        let places: Int64 = 32
        for place in 0..<places {
            let at = size / places * place
            guard unsafe av_seek_frame(context, -1, at, AVSEEK_FLAG_BYTE) >= 0,
                let ticks = unsafe firstTimestamp(packet)
            else { continue }
            if ticks < last { return true }
            last = ticks
        }
        return false
    }

    /// Decode timestamp of the next packet of the watched stream; nil at the end.
    private func firstTimestamp(_ packet: UnsafeMutablePointer<AVPacket>) -> Int64? {
        while unsafe av_read_frame(context, packet) >= 0 {
            defer { unsafe av_packet_unref(packet) }
            let view = unsafe PacketView(packet)
            if view.stream == watchedStream, let ticks = view.dts ?? view.pts { return ticks }
        }
        return nil
    }
}
