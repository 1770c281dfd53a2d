internal import CFFmpeg

/// Error messages of opening and reading.
extension Demuxer {
    /// Error for a failed read.
    func readError(_ code: Int32) -> VideoError {
        if let error = Self.interruption(code, address, waiting) { return error }
        return Self.error(
            kind(of: code), address, "\(ffmpegMessage(code)).\(Self.logExcerpt(address))")
    }

    /// Error for a source without a video stream.
    var noVideo: VideoError {
        if let file = address.file, MovieBoxes.lacksEndOfIndex(file) {
            return Self.incomplete(address)
        }
        return Self.error(
            .noVideo, address,
            "it contains no video (format \(format)). Name a file with video.")
    }

    /// Error for a source that cannot be opened.
    static func openError(
        _ code: Int32, _ address: SourceAddress, _ waiting: InterruptGuard
    ) -> VideoError {
        if let error = interruption(code, address, waiting) { return error }
        if FFmpegLog.lastLine?.contains("Format not on whitelist") == true {
            return error(.unknownFormat, address, ReferringFormats.advice)
        }
        if address.file != nil && isEndOfFile(code) { return incomplete(address) }
        guard code == tl_error_invalid_data else {
            // FFmpeg has no error code for a host name that does not resolve.
            let isNameless = FFmpegLog.lastLine?.contains("resolve hostname") == true
            let kind = isNameless ? .notFound : kind(of: code)
            return error(
                kind, address, "\(ffmpegMessage(code)).\(advice(kind))\(logExcerpt(address))")
        }
        if let file = address.file, MovieBoxes.isUnfinished(file) {
            return error(
                .unfinishedRecording, address,
                "the recording was cut off before its index (the moov box) was written. "
                    + "A tool such as untrunc can rebuild it from an intact file of the same camera."
            )
        }
        if let file = address.file, MovieBoxes.isLoneSegment(file) {
            return error(
                .unknownFormat, address,
                "it is a segment of a stream without its header. Join the header and the segments "
                    + "into one file, or name the playlist.")
        }
        return error(
            .unknownFormat, address,
            "its content is in no format that FFmpeg knows. "
                + "Check that it is a video and complete.\(logExcerpt(address))")
    }

    /// True if FFmpeg met the end of the file too early; its Matroska demuxer reports that as an
    /// I/O error.
    private static func isEndOfFile(_ code: Int32) -> Bool {
        let line = FFmpegLog.lastLine ?? ""
        return code == tl_error_end
            || ["Truncating packet", "ended prematurely"].contains(where: line.contains)
    }

    private static func incomplete(_ address: SourceAddress) -> VideoError {
        error(
            .damaged, address,
            "it ends before its first frame. It may not have been copied completely.")
    }

    private static func error(
        _ kind: VideoError.Kind, _ address: SourceAddress, _ words: String
    ) -> VideoError {
        VideoError(kind, "Reading \(address.name): \(words)")
    }

    /// Advice for an error, with a leading space; may be empty.
    private static func advice(_ kind: VideoError.Kind) -> String {
        switch kind {
        case .notFound: " Check the address, and that the source is on and can be reached."
        case .notReadable: " Check the user name, the password, and who may read it."
        case .timedOut: " Check that the source is on and can be reached."
        default: ""
        }
    }

    private static func interruption(
        _ code: Int32, _ address: SourceAddress, _ waiting: InterruptGuard
    ) -> VideoError? {
        if waiting.isStopped { return error(.stopped, address, "stopped as asked.") }
        if let refusal = refusal(address, waiting) { return refusal }
        // After an interruption FFmpeg may first deliver buffered data, under a newer deadline.
        guard waiting.isLate || code == tl_error_exit else { return nil }
        let hint = hasUnencodedCredentials(address.url) ? logExcerpt(address) : ""
        return error(
            .timedOut, address,
            "no answer in time. Check that the source is on and can be reached.\(hint)")
    }

    /// FFmpeg's last error, with a leading space; may be empty.
    ///
    /// Its words may contain the rest of a password that it took for a host: a hint replaces them.
    private static func logExcerpt(_ address: SourceAddress) -> String {
        guard !hasUnencodedCredentials(address.url) else {
            return " The user or password contains characters that have a meaning in addresses: "
                + "write @ as %40, / as %2F, ? as %3F, # as %23 and % as %25, "
                + "or use a credentials file."
        }
        return FFmpegLog.lastLine.map { " FFmpeg reports: \(redacted($0))" } ?? ""
    }
}
