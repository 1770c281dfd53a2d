/// Decides which pictures a decoder leaves out, and counts them.
///
/// Leaving out less begins at a picture that stands on its own: what the pictures between lean on was never decoded.
struct SkipGate: Sendable {
    /// What is asked for.
    var wanted = DecoderSkip.none
    /// What is in force.
    private(set) var present = DecoderSkip.none
    /// Packets that went in, and pictures that came out.
    private var sent = 0
    private var got = 0
    private var earlier = 0
    /// Pictures inside the decoder when leaving out began.
    private var inside = 0

    /// Notes a packet on its way in; true when what is in force changes with it.
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

    /// Notes a picture that came out.
    mutating func received() { got += 1 }

    /// Pictures left out so far; exact once the decoder is empty.
    var skipped: Int {
        present == .none ? earlier : earlier + max(sent - got - inside, 0)
    }
}
