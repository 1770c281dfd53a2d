internal import Video

/// Chooses which frames a camera's decoder skips, from the share of time its reader is idle.
///
/// A pure value. A reader that hardly ever waits for packets has fallen behind, or soon will; one that
/// waits half of its time has capacity. Skipping begins within seconds and ends slowly, against
/// oscillation.
struct LoadShedder: Sendable {
    /// Frames that are skipped at present.
    private(set) var decoderSkip = DecoderSkip.none
    private var start: (waited: Double, now: Double)?
    private var idleWindows = 0

    private static let window = 2.0
    private static let busyShare = 0.05
    private static let idleShare = 0.5
    private static let idleWindowsNeeded = 5

    /// Updates with the seconds waited so far, at a time in seconds; true when the skipping changes.
    mutating func update(waited: Double, now: Double) -> Bool {
        guard let start, waited >= start.waited else {
            self.start = (waited, now)
            return false
        }
        let passed = now - start.now
        guard passed >= Self.window else { return false }
        self.start = (waited, now)
        return decide(idle: (waited - start.waited) / passed)
    }

    /// Starts a new measurement: the first packets of a connection come at once.
    mutating func restart() { start = nil }

    private mutating func decide(idle: Double) -> Bool {
        idleWindows = idle > Self.idleShare ? idleWindows + 1 : 0
        let before = decoderSkip
        if idle < Self.busyShare {
            decoderSkip = decoderSkip == .none ? .nonReference : .nonKey
        } else if idleWindows >= Self.idleWindowsNeeded {
            decoderSkip = decoderSkip == .nonKey ? .nonReference : .none
            idleWindows = 0
        }
        return decoderSkip != before
    }
}
