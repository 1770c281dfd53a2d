internal import CFFmpeg

/// Description of an opened source.
public struct SourceDescription: Sendable {
    /// Path or address as given by the user, without credentials.
    public var name: String
    /// FFmpeg's short name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    public var format: String
    /// All streams in the source's order; ``Packet/stream`` is an index into them.
    public var streams: [StreamDescription]
    /// Index of the decoded stream.
    public var videoStream: Int
    /// Format of the delivered frames, after rotation.
    public var video: VideoDescription
    /// Duration in seconds as stated by the container; nil if unknown (live sources, pipes).
    public var duration: Double?
    /// The same duration, also for a recording that is treated as live.
    public var statedDuration: Double?
    /// Start of the container's clock in seconds, which players subtract; 0 if unknown.
    public var start: Double
    /// Metadata of the container, such as `creation_time` and `location`.
    public var metadata: [String: String]
    /// Chapters in order.
    public var chapters: [Chapter]
    /// True for sources that cannot be read faster than real time.
    public var isLive: Bool
    /// True for a live source without timestamps, whose frames get their arrival as timestamp.
    public var isStampedByArrival = false
}

/// Stream of a source.
public struct StreamDescription: Sendable {
    /// Media type.
    public enum Kind: String, Sendable {
        /// Video.
        case video
        /// Audio.
        case audio
        /// Subtitles.
        case subtitle
        /// GPS tracks, telemetry and other data.
        case data
        /// Fonts and cover art.
        case attachment
    }

    /// Media type.
    public var kind: Kind
    /// FFmpeg's codec name, such as `pcm_mulaw`.
    public var codec: String
    /// Seconds per tick of its timestamps.
    public var timeBase: Ratio
    /// Metadata, such as language and handler name.
    public var metadata: [String: String]
    /// FFmpeg's disposition bits (default, forced, attached picture, …).
    public var disposition: Int32
    /// Codec parameters for a muxer.
    public var parameters: CodecParameters
    /// Packets per second as stated by the container; 0/1 if unknown.
    public var rate = Ratio(0, 1)
}

/// Format of decoded frames, after rotation.
public struct VideoDescription: Sendable, Hashable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Sample aspect ratio, width to height; 1/1 if unknown.
    public var sampleAspectRatio: Ratio
    /// Frame rate stated by the container: a hint for encoders, never a clock.
    public var nominalRate: Ratio
    /// FFmpeg's name of the decoder's pixel format, such as `yuv420p10le`.
    public var pixelFormat: String
    /// Rotation applied, in degrees clockwise: 0, 90, 180 or 270.
    public var rotation: Int
    /// True if mirroring was applied before the rotation.
    public var isMirrored: Bool
    /// True if the source declares interlaced video.
    public var isInterlaced: Bool
}

/// Chapter of a recording.
public struct Chapter: Sendable, Hashable {
    /// Start.
    public var start: Timestamp
    /// End, exclusive.
    public var end: Timestamp
    /// Metadata, such as the title.
    public var metadata: [String: String]
}

/// Copy of `AVCodecParameters`.
///
/// SAFETY of `@unchecked Sendable`: written once in `init`, only read afterwards.
@safe public final class CodecParameters: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<AVCodecParameters>

    init(copying source: UnsafePointer<AVCodecParameters>) throws(VideoError) {
        guard let copy = unsafe avcodec_parameters_alloc() else {
            throw VideoError(.other, "Copying a stream's parameters: out of memory.")
        }
        unsafe pointer = unsafe copy
        try unsafe check(avcodec_parameters_copy(copy, source), "Copying a stream's parameters")
    }

    deinit {
        var parameters: UnsafeMutablePointer<AVCodecParameters>? = unsafe pointer
        unsafe avcodec_parameters_free(&parameters)
    }
}
