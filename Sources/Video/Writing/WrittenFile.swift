internal import CFFmpeg

/// Check of a finished file: opens it again, as a player would.
enum WrittenFile {
    /// Throws if the file lacks a stream or a first video packet.
    static func check(
        _ file: LockedFile, _ configuration: MuxerConfiguration
    ) throws(VideoError) {
        let path = file.path
        FFmpegLog.capture()
        let kinds = configuration.streams.filter(\.isTrack).map(\.kind)
        var input: UnsafeMutablePointer<AVFormatContext>?
        let code = unsafe avformat_open_input(&input, file.descriptorPath, nil, nil)
        defer { unsafe avformat_close_input(&input) }
        guard code >= 0, let source = unsafe input else {
            throw unreadable(path, ffmpegMessage(code))
        }
        let found = unsafe (0..<Int(source.pointee.nb_streams)).map { index in
            unsafe tl_stream(source, Int32(index)).pointee.codecpar.pointee.codec_type
        }
        guard found.starts(with: kinds) else {
            throw unreadable(path, "\(found.count) of \(kinds.count) streams are in it")
        }
        guard let video = kinds.firstIndex(of: AVMEDIA_TYPE_VIDEO) else { return }
        guard unsafe hasPacket(of: video, in: source) else {
            throw unreadable(path, "it holds no video packet")
        }
    }

    private static func hasPacket(
        of stream: Int, in source: UnsafeMutablePointer<AVFormatContext>
    ) -> Bool {
        var packet = unsafe av_packet_alloc()
        defer { unsafe av_packet_free(&packet) }
        guard let packet = unsafe packet else { return false }
        while unsafe av_read_frame(source, packet) >= 0 {
            defer { unsafe av_packet_unref(packet) }
            if unsafe Int(packet.pointee.stream_index) == stream { return true }
        }
        return false
    }

    private static func unreadable(_ path: String, _ reason: String) -> VideoError {
        let line = FFmpegLog.lastLine.map { " FFmpeg reports: \($0)" } ?? ""
        return VideoError(
            .other, "Writing \(path): the file cannot be read again: \(reason).\(line)")
    }
}
