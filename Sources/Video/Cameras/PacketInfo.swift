internal import CFFmpeg
internal import Synchronization

/// What there is to know of a packet without decoding it.
struct PacketInfo: Sendable, Hashable {
    /// Index of its stream.
    var stream = 0
    /// Which connection it came over, from 0.
    var connection = 0
    /// When its content is to be shown, in seconds of the stream's clock; nil where the source does not say.
    var timestamp: Double?
    /// Bytes.
    var size = 0
    /// Decoding can start here.
    var isKey = false
    /// When it came, in seconds of the monotonic clock.
    var arrival = 0.0
    /// The same moment in seconds since 1970, by this machine's clock.
    var arrivalSince1970 = 0.0
    /// Seconds that were spent waiting for it; next to nothing for what had come before it was asked for.
    var wait = 0.0
    /// What the camera's clock showed when it was made, in seconds since 1970; nil where the camera does not tell.
    var wallClock: Double?
}

extension PacketInfo {
    /// The facts of a packet that was just read.
    init(
        _ packet: UnsafeMutablePointer<AVPacket>, from origin: PacketOrigin, timeBase: Ratio,
        wait: Double
    ) {
        let ticks = unsafe packet.pointee.pts
        stream = unsafe Int(packet.pointee.stream_index)
        timestamp =
            ticks == tl_no_timestamp ? nil : Timestamp(ticks: ticks, timeBase: timeBase).seconds
        size = unsafe Int(packet.pointee.size)
        isKey = unsafe packet.pointee.flags & AV_PKT_FLAG_KEY != 0
        arrival = Double(origin.arrival) / 1e9
        let age = Double(av_gettime_relative()) / 1e6 - arrival
        arrivalSince1970 = Double(av_gettime()) / 1e6 - age
        self.wait = wait
        wallClock = origin.wallClock
    }
}

/// The facts of all packets of a source, as far as they are remembered.
final class PacketLog: Sendable {
    private struct State {
        var packets: [PacketInfo] = []
        var connection = -1
    }

    /// Hours of one camera; what follows is not remembered.
    static let capacity = 1 << 18
    private let state = Mutex(State())

    /// A new connection stands; packets count for it from now on.
    func begin() { state.withLock { $0.connection += 1 } }

    func note(_ packet: PacketInfo) {
        state.withLock { state in
            guard state.packets.count < Self.capacity else { return }
            var packet = packet
            packet.connection = state.connection
            state.packets.append(packet)
        }
    }

    var packets: [PacketInfo] { state.withLock { $0.packets } }
}
