internal import Video

/// Decides what a camera's decoder leaves out, by how much time its reader has left to wait.
///
/// A pure value. A reader that hardly ever waits for packets has fallen behind, or soon will; one that waits for half
/// of its time has room. Leaving out begins within seconds and ends slowly, so that it does not swing.
struct LoadShedder: Sendable {
    /// What is left out at present.
    private(set) var decoderSkip = DecoderSkip.none
    private var start: (waited: Double, now: Double)?
    private var calmWindows = 0

    private static let window = 2.0
    private static let tight = 0.05
    private static let roomy = 0.5
    private static let calmNeeded = 5

    /// Notes the seconds waited so far, and the time; true when what is left out changes.
    mutating func note(waited: Double, now: Double) -> Bool {
        guard let start, waited >= start.waited else {
            self.start = (waited, now)
            return false
        }
        let passed = now - start.now
        guard passed >= Self.window else { return false }
        self.start = (waited, now)
        return decide(idle: (waited - start.waited) / passed)
    }

    /// A new connection: its first packets come at once, which says nothing.
    mutating func restart() { start = nil }

    private mutating func decide(idle: Double) -> Bool {
        calmWindows = idle > Self.roomy ? calmWindows + 1 : 0
        let before = decoderSkip
        if idle < Self.tight {
            decoderSkip = decoderSkip == .none ? .nonReference : .nonKey
        } else if calmWindows >= Self.calmNeeded {
            decoderSkip = decoderSkip == .nonKey ? .nonReference : .none
            calmWindows = 0
        }
        return decoderSkip != before
    }
}
