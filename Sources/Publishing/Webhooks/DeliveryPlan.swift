/// Attempts to deliver the events of one queue: at most four at once, again after growing delays, for a day.
///
/// A pure value; times are seconds on any clock.
struct DeliveryPlan: Sendable {
    /// Largest number of concurrent attempts.
    static let concurrency = 4
    /// Seconds after each failed attempt; after the last attempt an event is given up.
    static let delays: [Double] = [5, 30, 120, 600, 3600, 21600, 86400]
    /// Relative deviation of delays, so that addresses that failed together are not tried together.
    static let deviation = 0.2
    /// Longest time that an address may ask to be left alone, in seconds.
    static let longestRequest = 86400.0

    /// Consequence of an answer.
    enum Outcome: Sendable, Hashable {
        /// The address has the event.
        case delivered
        /// The event is sent again.
        case again
        /// The event was sent for the last time.
        case givenUp
        /// The address wants no more events, ever.
        case gone
    }

    private struct Delivery: Sendable {
        var attempts: Int
        var due: Double
    }

    private var waiting: [UInt64: Delivery] = [:]
    private var active: [UInt64: Delivery] = [:]

    /// Number of attempts under way.
    var activeCount: Int { active.count }

    /// Number of events that are known.
    var count: Int { waiting.count + active.count }

    /// Forgets events that wait with a number below another, since their queue dropped them.
    mutating func forget(below number: UInt64) { waiting = waiting.filter { $0.key >= number } }

    /// Adds an event that happened some seconds ago; an event of an earlier run continues its attempts by its age.
    mutating func add(_ number: UInt64, age: Double, at now: Double) {
        var attempts = 0
        var passed = 0.0
        for delay in Self.delays {
            passed += delay
            if age >= passed { attempts += 1 }
        }
        waiting[number] = Delivery(attempts: attempts, due: now)
    }

    /// Begins the attempt that is due longest; nil while none is due or too many are under way.
    mutating func begin(at now: Double) -> UInt64? {
        guard active.count < Self.concurrency,
            let next = waiting.min(by: { ($0.value.due, $0.key) < ($1.value.due, $1.key) }),
            next.value.due <= now
        else { return nil }
        waiting[next.key] = nil
        active[next.key] = next.value
        return next.key
    }

    /// Removes an event that its queue dropped.
    mutating func drop(_ number: UInt64) { active[number] = nil }

    /// Ends an attempt by the answer; `chance` is a random number from 0 to 1.
    mutating func end(
        _ number: UInt64, _ answer: WebhookAnswer, at now: Double, chance: Double
    ) -> Outcome {
        guard var delivery = active.removeValue(forKey: number) else { return .delivered }
        var requested = 0.0
        if case .status(let status, let retryAfter) = answer {
            if (200..<300).contains(status) { return .delivered }
            if status == 410 { return .gone }
            requested = min(retryAfter ?? 0, Self.longestRequest)
        }
        guard delivery.attempts < Self.delays.count else { return .givenUp }
        let delay = Self.delays[delivery.attempts] * (1 + Self.deviation * (2 * chance - 1))
        delivery.attempts += 1
        delivery.due = now + max(delay, requested)
        waiting[number] = delivery
        return .again
    }
}
