internal import CFFmpeg

/// Counts the pictures at a recording's start that lean on pictures before it, and that the decoder leaves out.
///
/// A recording cut at an open group of pictures begins so: packets that follow the first key frame are shown before
/// it, and need what the cut took away. Decoders of HEVC drop them without a word.
struct LeadingFrames: Sendable {
    /// Packets shown before the first key frame whose pictures have not come out.
    private var missing: [Int64] = []
    private var keyTimestamp: Int64?
    private var isSettled = false
    /// More than any stream has; beyond it the first key frame's stamp is nonsense.
    private static let most = 64

    /// Notes a packet on its way into the decoder.
    mutating func sent(_ number: Int64, timestamp: Int64, isKey: Bool) {
        guard timestamp != tl_no_timestamp else { return }
        guard let keyTimestamp else {
            if isKey { self.keyTimestamp = timestamp }
            return
        }
        if timestamp < keyTimestamp, missing.count < Self.most { missing.append(number) }
    }

    /// Notes a picture that came out, by its packet's number.
    mutating func received(_ number: Int64, timestamp: Int64) {
        missing.removeAll { $0 == number }
        if let keyTimestamp, timestamp > keyTimestamp { isSettled = true }
    }

    /// Pictures that will not come: those missing once a picture after the key frame is out.
    var lost: Int { isSettled ? missing.count : 0 }
}
