internal import CFFmpeg
internal import Synchronization

/// Properties of a packet that are known without decoding it.
struct PacketInfo: Sendable, Hashable {
    /// Stream index.
    var stream = 0
    /// Connection number, from 0.
    var connection = 0
    /// Presentation time in seconds of the stream's clock; nil if the source does not state it.
    var timestamp: Double?
    /// Size in bytes.
    var size = 0
    /// True for key frames.
    var isKey = false
    /// Arrival in seconds of the monotonic clock.
    var arrival = 0.0
    /// Arrival in seconds since 1970, by this machine's clock.
    var arrivalSince1970 = 0.0
    /// Seconds spent waiting for the packet; close to 0 if it was already buffered.
    var wait = 0.0
    /// Capture time by the camera's clock, in seconds since 1970; nil if the camera does not state
    /// it.
    var wallClock: Double?
}

extension PacketInfo {
    /// Describes a packet that was just read.
    init(
        _ packet: PacketView, from origin: PacketOrigin, timeBase: Ratio,
        wait: Double
    ) {
        stream = packet.stream
        timestamp = packet.pts.map { Timestamp(ticks: $0, timeBase: timeBase).seconds }
        size = packet.size
        isKey = packet.isKey
        arrival = Double(origin.arrival) / 1e9
        let age = Double(av_gettime_relative()) / 1e6 - arrival
        arrivalSince1970 = Double(av_gettime()) / 1e6 - age
        self.wait = wait
        wallClock = origin.wallClock
    }
}

/// Bounded log of packets.
final class PacketLog: Sendable {
    private struct State {
        var packets: [PacketInfo] = []
        var connection = -1
    }

    /// Most packets logged: hours of one camera.
    ///
    /// Later packets are dropped.
    static let capacity = 1 << 18
    private let state = Mutex(State())

    /// Starts a new connection.
    func begin() { state.withLock { $0.connection += 1 } }

    func add(_ packet: PacketInfo) {
        state.withLock { state in
            guard state.packets.count < Self.capacity else { return }
            var packet = packet
            packet.connection = state.connection
            state.packets.append(packet)
        }
    }

    var packets: [PacketInfo] { state.withLock { $0.packets } }
}
