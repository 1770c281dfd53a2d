/// Counts leading frames at a recording's start that reference frames cut off before it.
///
/// After a cut at an open GOP, packets that follow the first key frame are shown before it and
/// reference missing frames. HEVC decoders drop them silently.
struct LeadingFrames: Sendable {
    /// Numbers of packets shown before the first key frame whose frames have not come out.
    private var missing: [Int64] = []
    private var keyTimestamp: Int64?
    private var isSettled = false
    /// Limit of counted packets; more would mean that the key frame's timestamp is nonsense.
    private static let most = 64

    /// Records a packet sent to the decoder.
    mutating func sent(_ number: Int64, timestamp: Int64?, isKey: Bool) {
        guard let timestamp else { return }
        guard let keyTimestamp else {
            if isKey { self.keyTimestamp = timestamp }
            return
        }
        if timestamp < keyTimestamp, missing.count < Self.most { missing.append(number) }
    }

    /// Records a decoded frame by its packet's number.
    mutating func received(_ number: Int64, timestamp: Int64) {
        missing.removeAll { $0 == number }
        if let keyTimestamp, timestamp > keyTimestamp { isSettled = true }
    }

    /// Frames dropped; known once a frame after the key frame came out.
    var lost: Int { isSettled ? missing.count : 0 }
}
