internal import Flow
internal import Scene
internal import Video

/// A packet that files and the memory of the latest seconds share.
final class SharedPacket: Sendable {
    let packet: Packet

    init(_ packet: consuming Packet) { self.packet = packet }
}

/// What was followed in one picture.
struct TrackedFrame: Sendable {
    /// When its packet came, in nanoseconds of the monotonic clock.
    var arrival: UInt64
    /// Its stamp in ticks of its source.
    var ticks: Int64
    var isDamaged: Bool
    var objects: [TrackedObject]
}

/// What a recorder is told, in the order in which it happened.
enum RecorderItem: ~Copyable, Sendable {
    /// A connection stands; what follows comes from this source.
    case begin(SourceDescription)
    case packet(SharedPacket)
    /// A picture to be drawn on and encoded.
    case picture(Frame, [TrackedObject])
    case followed(TrackedFrame)
    /// A clip was asked for.
    case clip
    /// The connection is gone, for this reason.
    case end(String)
}

/// What waits for a recorder's thread: bounded in bytes, and never waited for by whoever puts something in.
final class RecorderQueue: Sendable {
    /// Bytes that may wait: seconds of packets, a few pictures.
    static let limit = 16 << 20

    private struct Entry: Sendable {
        let item: TransferBox<RecorderItem>
        let cost: Int
        /// When it was put in, in nanoseconds of the monotonic clock.
        let since = MonotonicClock.system.now
    }

    private struct State: Sendable {
        var entries: [Entry] = []
        var head = 0
        var cost = 0
        var isClosed = false

        var isEmpty: Bool { head == entries.count }
    }

    private let state = Lock(State())
    private let bell = Parker(spins: 0)

    /// Puts an item at the end; false when too much waits.
    ///
    /// What costs nothing always fits.
    func offer(_ item: consuming RecorderItem, cost: Int = 0) -> Bool {
        let entry = Entry(item: TransferBox(item), cost: cost)
        let isIn = state.withLock { state in
            let fits = cost == 0 || state.cost == 0 || state.cost + cost <= Self.limit
            guard fits, !state.isClosed else { return false }
            state.entries.append(entry)
            state.cost += cost
            return true
        }
        if isIn { bell.wake() }
        return isIn
    }

    /// Waits for the next item; nil when the queue is closed and empty.
    ///
    /// One thread takes.
    func take() -> RecorderItem? {
        bell.wait { state.withLock { !$0.isEmpty || $0.isClosed } }
        let entry = state.withLock { state -> Entry? in
            guard !state.isEmpty else { return nil }
            let entry = state.entries[state.head]
            state.head += 1
            state.cost -= entry.cost
            if state.head == state.entries.count || state.head > 256 {
                state.entries.removeFirst(state.head)
                state.head = 0
            }
            return entry
        }
        return entry.map { $0.item.take() }
    }

    /// Seconds for which the next item has waited: what the disk, or the encoder, is behind.
    var delay: Double {
        state.withLock { state in
            guard !state.isEmpty else { return 0 }
            return Double(MonotonicClock.system.now - state.entries[state.head].since) / 1e9
        }
    }

    /// Nothing more will come.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.wake()
    }
}
