internal import CFFmpeg
internal import Glibc

/// Error of reading or writing video, with a message for the user.
public struct VideoError: Error, Hashable, CustomStringConvertible {
    /// Error kinds that callers distinguish; the program maps them to exit codes.
    public enum Kind: String, Hashable, Sendable {
        /// File, device or host does not exist.
        case notFound
        /// Permission denied.
        case notReadable
        /// Content is not a known format.
        case unknownFormat
        /// Recording without an index, cut by a power failure.
        case unfinishedRecording
        /// No video stream.
        case noVideo
        /// FFmpeg lacks the decoder or encoder.
        case missingCodec
        /// Damaged beyond recovery.
        case damaged
        /// No answer within the deadline.
        case timedOut
        /// A live source ended.
        case ended
        /// The target exists and may not be replaced.
        case exists
        /// The target's folder or device cannot be written.
        case notWritable
        /// No space left.
        case diskFull
        /// Setting that this source or target does not support.
        case unsupported
        /// Stopped on request.
        case stopped
        /// Any other error.
        case other
    }

    /// Error kind.
    public let kind: Kind
    /// One or two sentences: operation, object, cause and advice.
    public let message: String

    /// Creates an error.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

/// FFmpeg's message for an error code.
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

/// Throws if an FFmpeg call failed; `doing` describes the operation, such as "Reading drive.mp4".
@discardableResult
func check(_ code: Int32, _ doing: @autoclosure () -> String) throws(VideoError) -> Int32 {
    guard code < 0 else { return code }
    throw VideoError(kind(of: code), "\(doing()): \(ffmpegMessage(code)).")
}

/// Maps FFmpeg's error codes to kinds.
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
