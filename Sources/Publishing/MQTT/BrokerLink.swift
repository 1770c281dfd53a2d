internal import Flow
internal import Synchronization

/// Values that the thread of a broker shares with others.
final class BrokerLink: Sendable {
    /// Numbers for metrics.
    struct Counts: Sendable, Hashable {
        /// True while the broker answers.
        var isConnected = false
        /// Connections made.
        var connections = 0
        /// Events that the broker has received.
        var delivered = 0
        /// Messages of all kinds that the broker has received.
        var messages = 0
    }

    private let state = Lock(Counts())
    private let snapshots = Lock<[String: [UInt8]]>([:])

    /// Present numbers.
    var counts: Counts { state.withLock { $0 } }

    /// Changes the numbers.
    func update(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }

    /// Replaces the snapshot of a topic, which the broker's thread takes.
    func set(snapshot: [UInt8], of topic: String) { snapshots.withLock { $0[topic] = snapshot } }

    /// Takes the snapshots that were set since the last time.
    func takeSnapshots() -> [String: [UInt8]] {
        snapshots.withLock { snapshots in
            defer { snapshots = [:] }
            return snapshots
        }
    }
}
