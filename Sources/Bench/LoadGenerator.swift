internal import Flow

/// Brings work to what is measured as a scenario says, and times the answers.
///
/// Follows the scenario definitions of MLPerf Inference: a latency runs from the moment a query was due, so that
/// waiting counts. Clock and waiting are handed in.
struct LoadGenerator {
    let clock: MonotonicClock
    /// Waits until a moment of the clock.
    let wait: (_ deadline: UInt64) -> Void
    /// Asked between queries; true ends the scenario.
    var isStopped: () -> Bool = { false }

    /// What a scenario measured.
    struct Outcome {
        /// Time from a query's moment to its answer.
        var latency = LatencyRecorder()
        /// Time from the start of the work on a query to its answer, in nanoseconds, the first many.
        var services: [UInt64] = []
        /// Pictures answered.
        var samples = 0
        /// Pictures that a newer one replaced before anybody looked.
        var dropped = 0
        /// Seconds from the first query's moment to the last answer.
        var seconds = 0.0

        fileprivate static let kept = 100_000
    }

    /// Queries of some pictures each, the next as soon as the last is answered.
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
            outcome.note(latency: now - due, service: now - due)
            due = now
        }
        outcome.seconds = Double(clock.now - start) / 1e9
        return outcome
    }

    /// Pictures at a fixed rate; whoever is late finds only the newest.
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
            outcome.note(latency: now - min(arrival(newest), now), service: now - begun)
            next = newest + 1
        }
        outcome.seconds = Double(clock.now - start) / 1e9
        return outcome
    }

    /// The highest rate of arrival, in pictures a second, at which work of these lengths would drop nothing, by
    /// replaying them; nil without any.
    static func highestRateWithoutDrops(_ services: [UInt64]) -> Double? {
        guard let longest = services.max(), longest > 0 else { return nil }
        // At the longest work's own pace nothing ever waits.
        var safe = Double(longest)
        var unsafePeriod = 0.0
        for _ in 0..<40 {
            let middle = (safe + unsafePeriod) / 2
            if drops(services, period: middle) { unsafePeriod = middle } else { safe = middle }
        }
        return 1e9 / safe
    }

    /// Whether a picture would be replaced by the next before its turn.
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
    fileprivate mutating func note(latency: UInt64, service: UInt64) {
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
