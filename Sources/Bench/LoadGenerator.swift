internal import Flow

/// Generator of a scenario's load, which measures the latencies.
///
/// Follows the scenario definitions of MLPerf Inference: a latency starts when a query is due, so waiting counts.
/// Clock and waiting are parameters.
struct LoadGenerator {
    let clock: MonotonicClock
    /// Waits until a time of the clock, in nanoseconds.
    let wait: (_ deadline: UInt64) -> Void
    /// Checked between queries; true ends the scenario.
    var isStopped: () -> Bool = { false }

    /// Measurements of a scenario.
    struct Outcome {
        /// Time from a query's due time to its answer.
        var latency = LatencyRecorder()
        /// Nanoseconds from the start of the work on a query to its answer, for the first queries.
        var services: [UInt64] = []
        /// Number of answered frames.
        var samples = 0
        /// Number of frames that a newer one replaced before their inference.
        var dropped = 0
        /// Seconds from the first query's due time to the last answer.
        var seconds = 0.0

        fileprivate static let kept = 100_000
    }

    /// Sends queries of several frames, the next when the last is answered.
    func backToBack(
        seconds: Double, samplesPerQuery: Int = 1, answer: (_ sample: Int) throws -> Void
    ) rethrows -> Outcome {
        var outcome = Outcome()
        let start = clock.now
        let end = start + UInt64(seconds * 1e9)
        var due = start
        while due < end && !isStopped() {
            for _ in 0..<samplesPerQuery {
                try answer(outcome.samples)
                outcome.samples += 1
            }
            let now = clock.now
            outcome.record(latency: now - due, service: now - due)
            due = now
        }
        outcome.seconds = Double(clock.now - start) / 1e9
        return outcome
    }

    /// Sends frames at a fixed rate; a late detector gets only the newest.
    func live(
        seconds: Double, rate: Double, answer: (_ sample: Int) throws -> Void
    ) rethrows -> Outcome {
        var outcome = Outcome()
        let start = clock.now
        let count = max(1, Int(seconds * rate))
        let arrival = { (index: Int) in start + UInt64(Double(index) * 1e9 / rate) }
        var next = 0
        while next < count && !isStopped() {
            if clock.now < arrival(next) { wait(arrival(next)) }
            let begun = clock.now
            let newest = min(count - 1, max(next, Int(Double(begun - start) * rate / 1e9)))
            outcome.dropped += newest - next
            try answer(newest)
            let now = clock.now
            outcome.samples += 1
            outcome.record(latency: now - min(arrival(newest), now), service: now - begun)
            next = newest + 1
        }
        outcome.seconds = Double(clock.now - start) / 1e9
        return outcome
    }

    /// Highest arrival rate, in frames per second, at which inferences of these durations would drop nothing.
    ///
    /// Found by replaying the durations, in nanoseconds; nil for none.
    static func highestRateWithoutDrops(_ services: [UInt64]) -> Double? {
        guard let longest = services.max(), longest > 0 else { return nil }
        // With the longest duration as period nothing ever waits.
        var safe = Double(longest)
        var unsafePeriod = 0.0
        for _ in 0..<40 {
            let middle = (safe + unsafePeriod) / 2
            if drops(services, period: middle) { unsafePeriod = middle } else { safe = middle }
        }
        return 1e9 / safe
    }

    /// True when a frame would be replaced by the next before its inference.
    private static func drops(_ services: [UInt64], period: Double) -> Bool {
        var free = 0.0
        for (index, service) in services.enumerated() {
            let begun = max(free, Double(index) * period)
            if begun >= Double(index + 1) * period { return true }
            free = begun + Double(service)
        }
        return false
    }
}

extension LoadGenerator.Outcome {
    fileprivate mutating func record(latency: UInt64, service: UInt64) {
        self.latency.record(latency)
        if services.count < Self.kept { services.append(service) }
    }

    /// Adds a repeat of the same scenario.
    mutating func merge(_ other: Self) {
        latency.merge(other.latency)
        services += other.services.prefix(Self.kept - services.count)
        samples += other.samples
        dropped += other.dropped
        seconds += other.seconds
    }
}
