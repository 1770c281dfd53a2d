internal import CFFmpeg

extension SourceDescription {
    /// Describes an opened source.
    init(
        _ source: borrowing Demuxer, videoStream: Int, video: VideoDescription
    ) throws(VideoError) {
        let context = unsafe source.context
        let duration = unsafe context.pointee.duration
        let start = unsafe context.pointee.start_time
        var streams: [StreamDescription] = []
        for index in 0..<source.streamCount {
            guard let stream = unsafe source.stream(index) else { continue }
            unsafe streams.append(try StreamDescription(stream))
        }
        name = source.address.name
        format = source.format
        self.streams = streams
        self.videoStream = videoStream
        self.video = video
        self.duration =
            duration == tl_no_timestamp || duration <= 0 ? nil : Double(duration) / 1e6
        self.start = start == tl_no_timestamp ? 0 : Double(start) / 1e6
        metadata = unsafe Dictionary(context.pointee.metadata)
        chapters = unsafe (0..<Int(context.pointee.nb_chapters)).compactMap { index in
            unsafe context.pointee.chapters[index].map { unsafe Chapter($0) }
        }
        isLive = source.isLive
        isStampedByArrival = source.usesArrival
        // Most containers count their duration from zero, wherever the first timestamp lies.
        let countsFromStart = ["flv", "live_flv", "mpegts", "mpeg", "ogg", "hls", "rtsp"]
        if let stated = self.duration, stated > self.start, self.start > 0,
            !countsFromStart.contains(format)
        {
            self.duration = stated - self.start
        }
        statedDuration = self.duration
        if source.isLive { self.duration = nil }
    }

    /// True when the container states no duration, and FFmpeg computes it from the first and last
    /// timestamps.
    var hasComputedDuration: Bool { ["mpegts", "mpeg"].contains(format) }
}

extension VideoDescription {
    /// Describes a video stream from its container and codec parameters.
    init(_ stream: UnsafeMutablePointer<AVStream>, in source: borrowing Demuxer) {
        let parameters = unsafe stream.pointee.codecpar.pointee
        let orientation = unsafe Orientation(of: stream)
        let (width, height) = unsafe (Int(parameters.width), Int(parameters.height))
        let aspect = unsafe Ratio(
            av_guess_sample_aspect_ratio(source.context, stream, nil))
        let format = unsafe text(av_get_pix_fmt_name(AVPixelFormat(rawValue: parameters.format)))
        let order = unsafe parameters.field_order
        let interlaced = [AV_FIELD_TT, AV_FIELD_BB, AV_FIELD_TB, AV_FIELD_BT]
        let rate =
            source.usesArrival
            ? Ratio(0, 1) : unsafe Ratio(av_guess_frame_rate(source.context, stream, nil))
        self.init(
            width: orientation.swapsSides ? height : width,
            height: orientation.swapsSides ? width : height,
            sampleAspectRatio: aspect.upright(orientation),
            nominalRate: rate,
            pixelFormat: format, rotation: orientation.rotation,
            isMirrored: orientation.isMirrored,
            isInterlaced: interlaced.contains(order))
    }

    /// Updates the description from a decoded frame.
    mutating func adopt(_ frame: UnsafeMutablePointer<AVFrame>, _ orientation: Orientation) {
        width = unsafe Int(frame.pointee.width)
        height = unsafe Int(frame.pointee.height)
        if orientation.rotation != rotation, orientation.swapsSides {
            sampleAspectRatio = sampleAspectRatio.upright(orientation)
        }
        rotation = orientation.rotation
        isMirrored = orientation.isMirrored
    }
}

extension Ratio {
    /// Sample aspect ratio after rotation; 1/1 if unknown.
    fileprivate func upright(_ orientation: Orientation) -> Ratio {
        guard value > 0 else { return Ratio(1, 1) }
        return orientation.swapsSides ? Ratio(denominator, numerator) : self
    }
}

extension StreamDescription {
    init(_ stream: UnsafeMutablePointer<AVStream>) throws(VideoError) {
        let parameters = unsafe stream.pointee.codecpar
        guard let parameters = unsafe parameters else {
            throw VideoError(.other, "Describing a stream: it has no parameters.")
        }
        kind = unsafe Kind(parameters.pointee.codec_type, stream.pointee.disposition)
        codec = unsafe text(avcodec_get_name(parameters.pointee.codec_id))
        timeBase = unsafe Ratio(stream.pointee.time_base)
        metadata = unsafe Dictionary(stream.pointee.metadata)
        disposition = unsafe stream.pointee.disposition
        self.parameters = try unsafe CodecParameters(copying: parameters)
        let average = unsafe Ratio(stream.pointee.avg_frame_rate)
        rate = average.value > 0 ? average : Ratio(0, 1)
    }
}

extension StreamDescription.Kind {
    init(_ type: AVMediaType, _ disposition: Int32) {
        switch type {
        case AVMEDIA_TYPE_VIDEO:
            self = disposition & AV_DISPOSITION_ATTACHED_PIC != 0 ? .attachment : .video
        case AVMEDIA_TYPE_AUDIO: self = .audio
        case AVMEDIA_TYPE_SUBTITLE: self = .subtitle
        case AVMEDIA_TYPE_ATTACHMENT: self = .attachment
        default: self = .data
        }
    }
}

extension Chapter {
    init(_ chapter: UnsafeMutablePointer<AVChapter>) {
        let base = unsafe Ratio(chapter.pointee.time_base)
        start = unsafe Timestamp(ticks: chapter.pointee.start, timeBase: base)
        end = unsafe Timestamp(ticks: chapter.pointee.end, timeBase: base)
        metadata = unsafe Dictionary(chapter.pointee.metadata)
    }
}
