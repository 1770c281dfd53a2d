public import Video

/// The program's exit codes, one for each thing that a script may want to tell apart.
public enum ExitReason: Int32, Sendable, CaseIterable {
    /// Everything was done; warnings may have been given.
    case done = 0
    /// Something that no other code names.
    case failed = 1
    /// The command line or the pipeline file is wrong.
    case usage = 64
    /// The input's bytes are damaged beyond use.
    case damaged = 65
    /// No such file, camera or host.
    case notFound = 66
    /// The input may not be read.
    case notReadable = 67
    /// There is no video in the input.
    case noVideo = 68
    /// The input is of no format that FFmpeg knows.
    case unknownFormat = 69
    /// A recording without its index, cut by power loss.
    case unfinishedRecording = 70
    /// FFmpeg here lacks a decoder or encoder.
    case missingCodec = 71
    /// A live source did not answer in time.
    case timedOut = 72
    /// The output exists, or its place refuses writing.
    case notWritable = 73
    /// No space left for the output.
    case diskFull = 74
    /// Some of several sources failed; the others are done.
    case someFailed = 75
    /// The model file is missing or wrong.
    case model = 76
    /// Stopped by the first Ctrl-C or SIGTERM; what was done until then is a proper file.
    case interrupted = 130

    /// What the code means, for the manual.
    public var meaning: String {
        switch self {
        case .done: "everything was done; warnings may have been given"
        case .failed: "something that no other code names"
        case .usage: "the command line or the pipeline file is wrong"
        case .damaged: "the input is damaged beyond use"
        case .notFound: "no such file, camera or host"
        case .notReadable: "the input may not be read"
        case .noVideo: "there is no video in the input"
        case .unknownFormat: "the input is of no format that FFmpeg knows"
        case .unfinishedRecording: "a recording without its index, cut by power loss"
        case .missingCodec: "FFmpeg here lacks a decoder or encoder"
        case .timedOut: "a live source did not answer in time"
        case .notWritable: "the output exists, or its place refuses writing"
        case .diskFull: "no space left for the output"
        case .someFailed: "some of several sources failed; the others are done"
        case .model: "the model file is missing or wrong"
        case .interrupted: "stopped by Ctrl-C or SIGTERM; what was done until then is a proper file"
        }
    }

    /// The code for trouble with video.
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

/// Why a run, or one of its jobs, ended without its result.
public struct RunError: Error, Sendable, CustomStringConvertible {
    /// The exit code that says it to a script.
    public let reason: ExitReason
    /// The sentence that says it to a person.
    public let message: String

    /// An error in words.
    public init(_ reason: ExitReason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// Trouble with video.
    package init(_ error: VideoError) { self.init(ExitReason(error.kind), error.message) }

    /// The message.
    public var description: String { message }
}
