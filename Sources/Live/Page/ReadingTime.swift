internal import Flow
internal import FlyingFox

/// How long each visitor has kept the server reading since its last whole request.
///
/// Whoever waits, or is being answered, costs nothing meanwhile; a header without an end keeps a core busy for as long
/// as it is sent.
final class ReadingTime: Sendable {
    typealias Visitor = HTTPRequest.Address

    private struct Visit: Sendable {
        /// Nanoseconds.
        var spent: UInt64 = 0
        var since: UInt64
        var pauses = 0

        func spent(by now: UInt64) -> UInt64 { pauses > 0 ? spent : spent + (now - since) }
    }

    /// Nothing is read for a visitor as long as this is kept.
    final class Pause: Sendable {
        private let owner: ReadingTime
        private let visitor: Visitor?

        fileprivate init(_ owner: ReadingTime, _ visitor: Visitor?) {
            (self.owner, self.visitor) = (owner, visitor)
        }

        deinit { owner.goOn(visitor) }
    }

    /// Nanoseconds that a visitor may take.
    static let limit: UInt64 = 1_000_000_000
    /// The clock is read within the lock: no time in here lies after that of whoever holds it.
    private let visits = Lock<[Visitor: Visit]>([:])
    private let clock: MonotonicClock

    init(clock: MonotonicClock = .system) { self.clock = clock }

    /// A visitor is waited for, until the pause is let go.
    func pause(_ visitor: Visitor?) -> Pause { pause(visitor, isWhole: false) }

    /// A visitor's request has arrived and is being answered, until the pause is let go.
    func answer(_ visitor: Visitor?) -> Pause { pause(visitor, isWhole: true) }

    /// Those of all visitors connected now who have taken too long.
    func overdue(among connected: some Collection<Visitor>) -> [Visitor] {
        visits.withLock { visits in
            let now = clock.now
            let before = visits
            visits = before.filter { $1.pauses > 0 }
            for visitor in connected { visits[visitor] = before[visitor] ?? Visit(since: now) }
            return connected.filter { (visits[$0]?.spent(by: now) ?? 0) > Self.limit }
        }
    }

    private func pause(_ visitor: Visitor?, isWhole: Bool) -> Pause {
        if let visitor {
            visits.withLock { visits in
                let now = clock.now
                var visit = visits[visitor] ?? Visit(since: now)
                visit.spent = isWhole ? 0 : visit.spent(by: now)
                visit.pauses += 1
                visits[visitor] = visit
            }
        }
        return Pause(self, visitor)
    }

    private func goOn(_ visitor: Visitor?) {
        guard let visitor else { return }
        visits.withLock { visits in
            visits[visitor]?.pauses -= 1
            visits[visitor]?.since = clock.now
        }
    }
}
