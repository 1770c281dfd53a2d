internal import Foundation

/// Time that a run has taken, over all its parts.
struct RunClock {
    private let clock = ContinuousClock()
    private var start: ContinuousClock.Instant
    private var processorStart = RunClock.processorSeconds
    private var saving: ContinuousClock.Instant
    /// Seconds of the parts before.
    private var before = 0.0
    private var processorBefore = 0.0
    private var picturesBefore = 0

    init() {
        start = clock.now
        saving = start
    }

    /// Starts to count, from what a former part took.
    mutating func begin(at state: RunState) {
        (start, saving, processorStart) = (clock.now, clock.now, Self.processorSeconds)
        (before, processorBefore) = (state.seconds, state.processorSeconds)
        picturesBefore = state.pictures
    }

    /// Seconds of the whole run.
    var seconds: Double { before + (clock.now - start).inSeconds }

    /// Writes the times into the state.
    func mark(_ state: inout RunState) {
        state.seconds = seconds
        state.processorSeconds = processorBefore + Self.processorSeconds - processorStart
    }

    /// Whether so many seconds passed since the last time that ``saved()`` was called.
    func isDue(every seconds: Double) -> Bool { (clock.now - saving).inSeconds >= seconds }

    /// Notes that the state was saved.
    mutating func saved() { saving = clock.now }

    /// Pictures a second in this part of the run.
    func rate(_ state: RunState) -> Double {
        Double(state.pictures - picturesBefore) / max(1e-3, (clock.now - start).inSeconds)
    }

    /// The time that is left at a progress, such as `2:05 h`.
    func timeLeft(_ progress: Double) -> String {
        guard progress > 0 else { return "an unknown time" }
        let minutes = Int((seconds * (1 / progress - 1) / 60).rounded(.up))
        let rest = minutes % 60
        return "\(minutes / 60):\(rest < 10 ? "0" : "")\(rest) h"
    }

    /// Seconds that all threads of this process have computed.
    private static var processorSeconds: Double { Double(Glibc.clock()) / 1e6 }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
