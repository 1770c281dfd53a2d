/// Controls the frames that a decoder skips, and counts them.
///
/// Switching from key frames only to more waits for a key frame: the references of the frames
/// before it were never decoded.
struct SkipGate: Sendable {
    /// Requested setting.
    var wanted = DecoderSkip.none
    /// Active setting.
    private(set) var present = DecoderSkip.none
    /// Packets sent and frames received.
    private var sent = 0
    private var got = 0
    private var earlier = 0
    /// Frames inside the decoder when skipping began.
    private var inside = 0

    /// Records a packet to be sent; true if the active setting changes with it.
    mutating func pass(isKey: Bool) -> Bool {
        defer { sent += 1 }
        guard wanted != present, wanted > present || present != .nonKey || isKey else {
            return false
        }
        earlier = skipped
        inside = sent - got
        present = wanted
        return true
    }

    /// Records a decoded frame.
    mutating func received() { got += 1 }

    /// Frames skipped so far; exact once the decoder is drained.
    var skipped: Int {
        present == .none ? earlier : earlier + max(sent - got - inside, 0)
    }
}
