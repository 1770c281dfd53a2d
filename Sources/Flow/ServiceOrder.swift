/// Order of service among waiting sources: weighted, least recently served first.
///
/// A pure value. Under load every source is served equally often, and one of twice the weight twice
/// as often. Without load weights change nothing.
struct ServiceOrder: Sendable {
    private struct Source {
        var weight: Double
        var servedAt: UInt64
        var isWaiting = false
        var isBusy = false
    }

    private var sources: [Source]

    /// Creates sources of these weights, all last served at `now` in nanoseconds.
    init(weights: [Double], now: UInt64) {
        precondition(weights.allSatisfy { $0 > 0 && $0.isFinite }, "a weight is positive")
        sources = weights.map { Source(weight: $0, servedAt: now) }
    }

    /// Marks a source as waiting; false while it is being served, when no consumer need be woken.
    mutating func wait(_ source: Int) -> Bool {
        sources[source].isWaiting = true
        return !sources[source].isBusy
    }

    /// True when a source waits that is not being served.
    var canPick: Bool { sources.contains { $0.isWaiting && !$0.isBusy } }

    /// Picks the most urgent source and marks it as being served.
    mutating func pick(now: UInt64) -> Int? {
        var best: (source: Int, urgency: Double)?
        for index in sources.indices where sources[index].isWaiting && !sources[index].isBusy {
            let servedAt = sources[index].servedAt
            let waitingTime = now >= servedAt ? now - servedAt : 0
            let urgency = Double(waitingTime) * sources[index].weight
            if urgency > best?.urgency ?? -1 { best = (index, urgency) }
        }
        guard let best else { return nil }
        sources[best.source].isWaiting = false
        sources[best.source].isBusy = true
        sources[best.source].servedAt = now
        return best.source
    }

    /// Marks a source as no longer being served.
    mutating func finish(_ source: Int) { sources[source].isBusy = false }
}
