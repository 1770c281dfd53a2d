internal import CFFmpeg

/// Time code of a recording's first frame (SMPTE ST 12), such as `01:00:00:00`.
///
/// FFmpeg reads it as the metadata entry `timecode`, and writes the time code track of mp4 and mov
/// from that entry. A time code track of the source is therefore not copied.
enum TimeCode {
    static let key = "timecode"

    /// True for a time code track of mp4 or mov.
    static func isTrack(_ stream: StreamDescription) -> Bool {
        let tmcd: UInt32 = 0x6463_6d74  // "tmcd", first letter lowest
        return unsafe stream.kind == .data && stream.parameters.pointer.pointee.codec_tag == tmcd
    }

    /// Time code of the source's first frame: of its video, its file or its time code track.
    static func first(of source: SourceDescription) -> String? {
        let tracks = source.streams.filter(isTrack).map(\.metadata)
        return ([source.streams[source.videoStream].metadata, source.metadata] + tracks)
            .lazy.compactMap { $0.first { isKey($0.key) }?.value }.first
    }

    /// True for the key of a time code; Matroska writes it in capitals.
    static func isKey(_ text: String) -> Bool { text.lowercased() == key }

    /// Time code `seconds` later; nil if it is none or does not fit the frame rate.
    static func later(_ text: String, by seconds: Double, rate: Ratio) -> String? {
        var code = AVTimecode()
        guard rate.value > 0,
            unsafe av_timecode_init_from_string(&code, rate.rational, text, nil) >= 0
        else { return nil }
        let frames = Int64(nearest: seconds * rate.value)
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress,
                let made = unsafe av_timecode_make_string(&code, start, Int32(clamping: frames))
            else { return nil }
            return unsafe String(cString: made)
        }
    }
}
