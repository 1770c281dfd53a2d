internal import CFFmpeg

/// What a source says of itself, as far as reading, drawing and writing need it.
public struct SourceDescription: Sendable {
    /// The path or address as the user gave it, without credentials.
    public var name: String
    /// FFmpeg's short name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    public var format: String
    /// All streams, in the source's order; `Packet.stream` is an index into it.
    public var streams: [StreamDescription]
    /// Index of the stream that is decoded.
    public var videoStream: Int
    /// The picture as it will be delivered: upright.
    public var video: VideoDescription
    /// Seconds, as the container states it; nil when unknown (live, pipes).
    public var duration: Double?
    /// Start of the container's clock in seconds (players subtract it); 0 when unknown.
    public var start: Double
    /// `creation_time`, `location` and whatever else the container carries.
    public var metadata: [String: String]
    /// Chapters in order.
    public var chapters: [Chapter]
    /// True for sources that cannot be read faster than they happen.
    public var isLive: Bool
}

/// One stream of a source.
public struct StreamDescription: Sendable {
    /// What it carries.
    public enum Kind: String, Sendable {
        /// Pictures.
        case video
        /// Sound.
        case audio
        /// Text to show.
        case subtitle
        /// GPS tracks, telemetry and the like.
        case data
        /// Fonts, cover pictures.
        case attachment
    }

    /// What it carries.
    public var kind: Kind
    /// FFmpeg's name of its codec, such as `pcm_mulaw`.
    public var codec: String
    /// Seconds per tick of its stamps.
    public var timeBase: Ratio
    /// Language, handler name and the like.
    public var metadata: [String: String]
    /// FFmpeg's disposition bits (default, forced, attached picture, …).
    public var disposition: Int32
    /// What a muxer must know to hold its packets.
    public var parameters: CodecParameters
}

/// How the decoded pictures look, after rotation.
public struct VideoDescription: Sendable, Hashable {
    /// Columns of the upright picture.
    public var width: Int
    /// Rows of the upright picture.
    public var height: Int
    /// Width to height of one sample; 1/1 when the source does not say.
    public var sampleAspectRatio: Ratio
    /// Frames per second as the container states it: a hint for encoders, never a clock.
    public var nominalRate: Ratio
    /// FFmpeg's name of the decoder's pixel format, such as `yuv420p10le`.
    public var pixelFormat: String
    /// What was done to bring it upright, in degrees clockwise: 0, 90, 180 or 270.
    public var rotation: Int
    /// What was mirrored before the rotation.
    public var isMirrored: Bool
    /// True when the source declares interlaced pictures.
    public var isInterlaced: Bool
}

/// A named part of a recording.
public struct Chapter: Sendable, Hashable {
    /// Its first moment.
    public var start: Timestamp
    /// The moment after its last.
    public var end: Timestamp
    /// Title and the like.
    public var metadata: [String: String]
}

/// A private copy of FFmpeg's codec parameters.
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
