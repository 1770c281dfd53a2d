/// Whose turn it is among many who wait: the one that was served longest ago, by weight.
///
/// A pure value. Where more wait than can be served, each is served as often as the others, and one of twice the
/// weight twice as often; where all can be served, weights change nothing.
struct FairQueue: Sendable {
    private struct Seat {
        var weight: Double
        var servedAt: UInt64
        var isWaiting = false
        var isBusy = false
    }

    private var seats: [Seat]

    /// Seats of these weights, all of which were last served at the same time, in nanoseconds.
    init(weights: [Double], now: UInt64) {
        precondition(weights.allSatisfy { $0 > 0 && $0.isFinite }, "a weight is positive")
        seats = weights.map { Seat(weight: $0, servedAt: now) }
    }

    /// A seat has something; false when it is being served, so that nobody need be woken for it.
    mutating func wait(_ seat: Int) -> Bool {
        seats[seat].isWaiting = true
        return !seats[seat].isBusy
    }

    /// Whether somebody can be served.
    var canPick: Bool { seats.contains { $0.isWaiting && !$0.isBusy } }

    /// Picks whose turn it is and begins to serve it.
    mutating func pick(now: UInt64) -> Int? {
        var best: (seat: Int, claim: Double)?
        for index in seats.indices where seats[index].isWaiting && !seats[index].isBusy {
            let age = now >= seats[index].servedAt ? now - seats[index].servedAt : 0
            let claim = Double(age) * seats[index].weight
            if claim > best?.claim ?? -1 { best = (index, claim) }
        }
        guard let best else { return nil }
        seats[best.seat].isWaiting = false
        seats[best.seat].isBusy = true
        seats[best.seat].servedAt = now
        return best.seat
    }

    /// A seat has been served.
    mutating func finish(_ seat: Int) { seats[seat].isBusy = false }
}
