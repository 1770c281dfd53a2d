internal import CFFmpeg
internal import Glibc

/// What went wrong with a picture source or a file being written, in words for the person who asked.
public struct VideoError: Error, Hashable, CustomStringConvertible {
    /// The kinds of trouble that callers tell apart, because the program's exit codes do.
    public enum Kind: String, Hashable, Sendable {
        /// No such file, camera or host.
        case notFound
        /// It exists, but may not be read.
        case notReadable
        /// Its bytes are no format that FFmpeg knows.
        case unknownFormat
        /// A recording without its index: cut by power loss.
        case unfinishedRecording
        /// No video stream inside.
        case noVideo
        /// FFmpeg here has no decoder or encoder of that name.
        case missingCodec
        /// Damage beyond what can be skipped.
        case damaged
        /// The source did not answer in time.
        case timedOut
        /// A live source said that it is over.
        case ended
        /// The target exists and may not be replaced.
        case exists
        /// The target's folder or device refuses writing.
        case notWritable
        /// No space left.
        case diskFull
        /// A setting that this source or target cannot take.
        case unsupported
        /// Asked to stop.
        case stopped
        /// Anything else.
        case other
    }

    /// The kind of trouble.
    public let kind: Kind
    /// What was being done, to what, what went wrong and what to try: one or two sentences.
    public let message: String

    /// An error in words.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

/// FFmpeg's own words for a return code.
func ffmpegMessage(_ code: Int32) -> String {
    unsafe withUnsafeTemporaryAllocation(
        of: CChar.self, capacity: Int(AV_ERROR_MAX_STRING_SIZE)
    ) { text in
        unsafe text.initialize(repeating: 0)
        unsafe _ = av_strerror(code, text.baseAddress, text.count)
        guard let start = text.baseAddress else { return "error \(code)" }
        return unsafe String(cString: start)
    }
}

/// Throws when an FFmpeg call failed: `doing` reads like "reading drive.mp4".
@discardableResult
func check(_ code: Int32, _ doing: @autoclosure () -> String) throws(VideoError) -> Int32 {
    guard code < 0 else { return code }
    throw VideoError(kind(of: code), "\(doing()): \(ffmpegMessage(code)).")
}

/// Sorts FFmpeg's return codes into kinds.
func kind(of code: Int32) -> VideoError.Kind {
    switch code {
    case tl_error_no_entry, tl_error_http_not_found, tl_error_from_errno(ECONNREFUSED),
        tl_error_from_errno(EHOSTUNREACH), tl_error_from_errno(ENETUNREACH),
        tl_error_from_errno(ENXIO), tl_error_from_errno(ENODEV):
        .notFound
    case tl_error_http_unauthorized, tl_error_http_forbidden: .notReadable
    case tl_error_from_errno(ETIMEDOUT): .timedOut
    case tl_error_no_space: .diskFull
    case tl_error_invalid_data: .damaged
    case tl_error_decoder_not_found, tl_error_encoder_not_found: .missingCodec
    case tl_error_exit: .stopped
    case tl_error_from_errno(EACCES): .notReadable
    default: .other
    }
}
