internal import Flow
internal import FlyingFox

/// What each visitor of the page costs, and since when.
///
/// Whoever is waited for, or is being answered, costs nothing meanwhile. A header without an end is read in a time that
/// grows with its square, and an answer that nobody takes holds its place for ever.
final class Visits: Sendable {
    typealias Visitor = HTTPRequest.Address

    /// What a pause is for.
    enum Kind: Sendable {
        /// A visitor is waited for, to send something or to take something.
        case sending, taking
        /// A whole request has come and is being answered.
        case answer
    }

    private struct Visit: Sendable {
        /// Nanoseconds for which the server has been reading.
        var read: UInt64 = 0
        var since: UInt64
        var pauses = 0
        var takingSince: UInt64?
        var requests = 0
        /// Bytes that had come when so many requests had.
        var settled: (requests: Int, bytes: UInt64) = (0, 0)

        mutating func settle(by now: UInt64) {
            if pauses == 0 { read += now - since }
            since = now
        }
    }

    /// Nothing is read for a visitor as long as this is kept.
    final class Pause: Sendable {
        private let owner: Visits
        private let visitor: Visitor?
        private let kind: Kind

        fileprivate init(_ owner: Visits, _ visitor: Visitor?, _ kind: Kind) {
            (self.owner, self.visitor, self.kind) = (owner, visitor, kind)
        }

        deinit { owner.end(kind, of: visitor) }
    }

    /// Nanoseconds of reading after which a visitor is looked at.
    static let suspicion: UInt64 = 50_000_000
    /// Bytes that may come between one whole request and the next.
    static let longestRequest: UInt64 = 16 << 10
    /// Nanoseconds for which an answer may wait to be taken.
    static let patience: UInt64 = 60_000_000_000
    /// The clock is read within the lock: no time in here lies after that of whoever holds it.
    private let visits = Lock<[Visitor: Visit]>([:])
    private let clock: MonotonicClock

    init(clock: MonotonicClock = .system) { self.clock = clock }

    /// Begins what ends when the pause is let go.
    func pause(_ visitor: Visitor?, for kind: Kind) -> Pause {
        if let visitor {
            visits.withLock { visits in
                var visit = visits[visitor] ?? Visit(since: clock.now)
                visit.settle(by: clock.now)
                visit.pauses += 1
                switch kind {
                case .sending: break
                case .taking: visit.takingSince = visit.since
                case .answer: (visit.read, visit.requests) = (0, visit.requests + 1)
                }
                visits[visitor] = visit
            }
        }
        return Pause(self, visitor, kind)
    }

    private func end(_ kind: Kind, of visitor: Visitor?) {
        guard let visitor else { return }
        visits.withLock { visits in
            visits[visitor]?.pauses -= 1
            visits[visitor]?.since = clock.now
            if kind == .taking { visits[visitor]?.takingSince = nil }
        }
    }

    /// Those of all visitors connected now who are to be looked at, and those who have taken nothing for too long.
    func overdue(
        among connected: some Collection<Visitor>
    ) -> (suspects: [Visitor], stuck: [Visitor]) {
        visits.withLock { visits in
            let (before, now) = (visits, clock.now)
            visits = before.filter { $1.pauses > 0 }
            var (suspects, stuck): ([Visitor], [Visitor]) = ([], [])
            for visitor in connected {
                var visit = before[visitor] ?? Visit(since: now)
                visit.settle(by: now)
                visits[visitor] = visit
                if visit.read > Self.suspicion { suspects.append(visitor) }
                if now - (visit.takingSince ?? now) > Self.patience { stuck.append(visitor) }
            }
            return (suspects, stuck)
        }
    }

    /// Whether a suspect, from whom so many bytes have come in all, has sent more than a request may hold; who has not is
    /// no suspect any more.
    func hasSentTooMuch(_ visitor: Visitor, bytes: UInt64) -> Bool {
        visits.withLock { visits in
            guard var visit = visits[visitor] else { return false }
            // Fewer than before are those of another connection from the same port.
            if visit.settled.requests != visit.requests || bytes < visit.settled.bytes {
                visit.settled = (visit.requests, bytes)
            }
            visit.read = 0
            visits[visitor] = visit
            return bytes - visit.settled.bytes > Self.longestRequest
        }
    }
}
