internal import Foundation

/// Elapsed time of a run, over all its resumed parts.
struct RunClock {
    private let clock = ContinuousClock()
    private var start: ContinuousClock.Instant
    private var processorStart = RunClock.processorSeconds
    private var saving: ContinuousClock.Instant
    /// Seconds of the earlier parts.
    private var before = 0.0
    private var processorBefore = 0.0
    private var picturesBefore = 0

    init() {
        start = clock.now
        saving = start
    }

    /// Starts the clock, continuing from a state's times.
    mutating func begin(at state: RunState) {
        (start, saving, processorStart) = (clock.now, clock.now, Self.processorSeconds)
        (before, processorBefore) = (state.seconds, state.processorSeconds)
        picturesBefore = state.pictures
    }

    /// Seconds of the whole run.
    var seconds: Double { before + (clock.now - start).inSeconds }

    /// Stores the times in the state.
    func mark(_ state: inout RunState) {
        state.seconds = seconds
        state.processorSeconds = processorBefore + Self.processorSeconds - processorStart
    }

    /// True when `seconds` have passed since the last call of ``saved()``.
    func isDue(every seconds: Double) -> Bool { (clock.now - saving).inSeconds >= seconds }

    /// Restarts the interval to the next checkpoint.
    mutating func saved() { saving = clock.now }

    /// Images per second in this part of the run.
    func rate(_ state: RunState) -> Double {
        Double(state.pictures - picturesBefore) / max(1e-3, (clock.now - start).inSeconds)
    }

    /// Estimated remaining time, such as `2:05 h`.
    func timeLeft(_ progress: Double) -> String {
        guard progress > 0 else { return "an unknown time" }
        let minutes = Int((seconds * (1 / progress - 1) / 60).rounded(.up))
        let rest = minutes % 60
        return "\(minutes / 60):\(rest < 10 ? "0" : "")\(rest) h"
    }

    /// CPU seconds of all threads of this process.
    private static var processorSeconds: Double { Double(Glibc.clock()) / 1e6 }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
