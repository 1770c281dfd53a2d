internal import Flow
internal import FlyingFox

/// Bytes that each client of the page has sent, and the time for which it has not read a response.
///
/// The server parses a header without an end in quadratic time, and a response that is never read
/// keeps its connection for ever.
final class ClientUsage: Sendable {
    typealias Client = HTTPRequest.Address

    private struct Usage: Sendable {
        var requests = 0
        /// Requests, and bytes received when the last of them was complete.
        var answered: (requests: Int, bytes: UInt64) = (0, 0)
        /// Time since which a response waits to be read, in nanoseconds.
        var sendingSince: UInt64?
        /// True when it was missing among the connected clients once: it may have just arrived.
        var isMissing = false
    }

    /// Largest size of a request in bytes.
    static let longestRequest: UInt64 = 16 << 10
    /// Largest number of bytes after a complete request: one more request, and the receive buffer.
    static let mostUnanswered = longestRequest + 2 * UInt64(ConnectionLimiter.receiveBuffer)
    /// Longest time in nanoseconds for which a response may wait to be read.
    static let sendTimeout: UInt64 = 60_000_000_000
    /// The clock is read while the lock is held, so that no stored time is in the future.
    private let usage = Lock<[Client: Usage]>([:])
    private let clock: MonotonicClock

    init(clock: MonotonicClock = .system) { self.clock = clock }

    /// Counts a complete request.
    func countRequest(of client: Client?) {
        guard let client else { return }
        usage.withLock { $0[client, default: Usage()].requests += 1 }
    }

    /// Stores that a response begins, or ceases, to wait for its client to read it.
    func setSending(to client: Client, isWaiting: Bool) {
        usage.withLock { usage in
            usage[client, default: Usage()].sendingSince = isWaiting ? clock.now : nil
        }
    }

    /// True when a client exceeds a limit and must be cut; `bytes` is all that came from it.
    func exceedsLimits(_ client: Client, bytes: UInt64) -> Bool {
        usage.withLock { usage in
            var own = usage[client] ?? Usage()
            // Fewer bytes than before come from another connection from the same port.
            if own.answered.requests != own.requests || bytes < own.answered.bytes {
                own.answered = (own.requests, bytes)
            }
            usage[client] = own
            let now = clock.now
            return bytes - own.answered.bytes > Self.mostUnanswered
                || now - (own.sendingSince ?? now) > Self.sendTimeout
        }
    }

    /// Forgets clients that are missing among the connected ones for the second time.
    func keep(_ connected: Set<Client>) {
        usage.withLock { usage in
            for (client, own) in usage {
                let isMissing = !connected.contains(client) && own.sendingSince == nil
                usage[client] = own.isMissing && isMissing ? nil : own
                usage[client]?.isMissing = isMissing
            }
        }
    }
}
