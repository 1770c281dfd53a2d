public import Video

/// The program's exit codes, one for each case that a script may want to distinguish.
///
/// ``meaning`` describes each.
public enum ExitReason: Int32, Sendable, CaseIterable {
    case done = 0
    case failed = 1
    case usage = 64
    case damaged = 65
    case notFound = 66
    case notReadable = 67
    case noVideo = 68
    case unknownFormat = 69
    case unfinishedRecording = 70
    case missingCodec = 71
    case timedOut = 72
    case notWritable = 73
    case diskFull = 74
    case someFailed = 75
    case model = 76
    case interrupted = 130

    /// Meaning of the code, for the manual.
    public var meaning: String {
        switch self {
        case .done: "success; there may have been warnings"
        case .failed: "an error without a code of its own"
        case .usage: "the command line or the pipeline file is wrong"
        case .damaged: "the input is damaged beyond use"
        case .notFound: "no such file, camera or host"
        case .notReadable: "reading the input is not permitted"
        case .noVideo: "the input has no video"
        case .unknownFormat: "the input has no format that FFmpeg supports"
        case .unfinishedRecording:
            "the input is a recording without its index, cut off by power loss"
        case .missingCodec: "the installed FFmpeg lacks a decoder or encoder"
        case .timedOut: "a live source did not answer in time"
        case .notWritable: "the output exists, or its folder cannot be written to"
        case .diskFull: "no space is left for the output"
        case .someFailed: "some of several sources failed; the others were completed"
        case .model: "the model file is missing or wrong"
        case .interrupted: "stopped by Ctrl-C or SIGTERM; the output up to then is a valid file"
        }
    }

    /// The code of a video error.
    public init(_ kind: VideoError.Kind) {
        switch kind {
        case .notFound: self = .notFound
        case .notReadable: self = .notReadable
        case .unknownFormat: self = .unknownFormat
        case .unfinishedRecording: self = .unfinishedRecording
        case .noVideo: self = .noVideo
        case .missingCodec: self = .missingCodec
        case .damaged: self = .damaged
        case .timedOut: self = .timedOut
        case .exists, .notWritable: self = .notWritable
        case .diskFull: self = .diskFull
        case .unsupported: self = .usage
        case .stopped: self = .interrupted
        case .ended, .other: self = .failed
        }
    }
}

/// The error that ended a run or one of its jobs.
public struct RunError: Error, Sendable, CustomStringConvertible {
    /// The exit code.
    public let reason: ExitReason
    /// A sentence for people: the action, its object, the error, and a remedy.
    public let message: String

    /// An error with a sentence.
    public init(_ reason: ExitReason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// A video error.
    package init(_ error: VideoError) { self.init(ExitReason(error.kind), error.message) }

    /// The message.
    public var description: String { message }
}
