internal import CFFmpeg
internal import Pixels

extension VideoReader {
    /// Opens a source, chooses its video stream, and moves to the start of the window.
    static func open(
        _ source: String, _ options: ReaderOptions, _ waiting: InterruptGuard
    ) throws(VideoError) -> VideoReader {
        var demuxer = try Demuxer(SourceAddress(source), options: options, waiting: waiting)
        let index = try demuxer.videoStream(options.videoStream)
        demuxer.watchedStream = index
        guard let stream = unsafe demuxer.stream(index) else { throw demuxer.noVideo }
        if demuxer.usesArrival {
            unsafe stream.pointee.time_base = ArrivalClock.timeBase.rational
        }
        var format = unsafe VideoDescription(stream, in: demuxer)
        if let rate = options.rate, demuxer.hasNoTimestamps {
            format.nominalRate = Ratio(Int((rate * 1000).rounded()), 1000)
        }
        let isImage = demuxer.isImage
        let stage = try unsafe decoding(stream, of: demuxer, format, options)
        let description = try SourceDescription(demuxer, videoStream: index, video: format)
        let notes = unsafe notes(on: stream, index, of: demuxer, format, options)
        let statedFrames = unsafe Int(stream.pointee.nb_frames)
        var reader = VideoReader(
            source: try PacketSource(demuxer, description, options), stage: stage,
            description: description, options: options, statedFrames: statedFrames)
        reader.report.diagnostics += notes
        reader.seekToStart()
        if isImage { try reader.peek() }
        return reader
    }

    /// Decoder of the stream, and the conversion of its frames to the requested format.
    private static func decoding(
        _ stream: UnsafeMutablePointer<AVStream>, of demuxer: borrowing Demuxer,
        _ format: VideoDescription, _ options: ReaderOptions
    ) throws(VideoError) -> FrameStage {
        let isImage = demuxer.isImage
        let output =
            options.outputFormat ?? OutputFormat(width: format.width, height: format.height)
        return try unsafe FrameStage(
            decoder: Decoder(
                stream, of: demuxer.address.name, threads: isImage ? 1 : options.threads),
            timeBase: Ratio(stream.pointee.time_base),
            nominalRate: format.nominalRate, orientation: Orientation(of: stream),
            outputFormat: isImage || output.width == 0 ? nil : output,
            deinterlace: options.deinterlace,
            isLive: demuxer.isLive, images: JPEGDamage(stream, isImage: isImage))
    }

    /// Notices on assumptions that were made while opening.
    private static func notes(
        on stream: UnsafeMutablePointer<AVStream>, _ index: Int, of demuxer: borrowing Demuxer,
        _ format: VideoDescription, _ options: ReaderOptions
    ) -> [String] {
        let isOdd = unsafe Orientation(of: stream).isOdd
        return [
            isOdd
                ? "The source asks for a rotation by no multiple of 90 degrees; ignored." : nil,
            demuxer.guessedRate(format.nominalRate, options),
            options.videoStream == nil ? demuxer.choiceNote(index) : nil,
            demuxer.refusedSound,
        ].compactMap(\.self) + demuxer.networkNotes
    }
}
