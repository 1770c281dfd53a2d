internal import Flow
internal import FlyingFox

/// What each visitor of the page sends and leaves untaken.
///
/// A header without an end is read in a time that grows with its square, and an answer that nobody takes holds its place
/// for ever.
final class ClientUsage: Sendable {
    typealias Visitor = HTTPRequest.Address

    private struct Visit: Sendable {
        var requests = 0
        /// Bytes that had come when so many requests had.
        var settled: (requests: Int, bytes: UInt64) = (0, 0)
        /// Since when an answer waits to be taken.
        var takingSince: UInt64?
        /// It was not among those connected: it may have come a moment later.
        var isMissed = false
    }

    /// Bytes that one request may have.
    static let longestRequest: UInt64 = 16 << 10
    /// Bytes that may come after a whole request: one more, and what lies unread behind it.
    static let mostUnanswered = longestRequest + 2 * UInt64(BoundedPool.unread)
    /// Nanoseconds for which an answer may wait to be taken.
    static let patience: UInt64 = 60_000_000_000
    /// The clock is read within the lock: no time in here lies after that of whoever holds it.
    private let visits = Lock<[Visitor: Visit]>([:])
    private let clock: MonotonicClock

    init(clock: MonotonicClock = .system) { self.clock = clock }

    /// A whole request has come.
    func noteRequest(of visitor: Visitor?) {
        guard let visitor else { return }
        visits.withLock { $0[visitor, default: Visit()].requests += 1 }
    }

    /// An answer begins to wait for its visitor to take it, or waits no more.
    func note(_ visitor: Visitor, isTaking: Bool) {
        visits.withLock { visits in
            visits[visitor, default: Visit()].takingSince = isTaking ? clock.now : nil
        }
    }

    /// Whether a visitor, from whom so many bytes have come in all, is to be cut.
    func isTooMuch(_ visitor: Visitor, bytes: UInt64) -> Bool {
        visits.withLock { visits in
            var visit = visits[visitor] ?? Visit()
            // Fewer than before are those of another connection from the same port.
            if visit.settled.requests != visit.requests || bytes < visit.settled.bytes {
                visit.settled = (visit.requests, bytes)
            }
            visits[visitor] = visit
            let now = clock.now
            return bytes - visit.settled.bytes > Self.mostUnanswered
                || now - (visit.takingSince ?? now) > Self.patience
        }
    }

    /// Forgets those who are not among the connected for the second time.
    func keep(_ connected: Set<Visitor>) {
        visits.withLock { visits in
            for (visitor, visit) in visits {
                let isMissed = !connected.contains(visitor) && visit.takingSince == nil
                visits[visitor] = visit.isMissed && isMissed ? nil : visit
                visits[visitor]?.isMissed = isMissed
            }
        }
    }
}
