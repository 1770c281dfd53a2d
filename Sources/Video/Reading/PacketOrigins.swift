internal import CFFmpeg

/// Arrival and capture time of a frame's packet.
struct PacketOrigin: Sendable, Hashable {
    /// Arrival in nanoseconds of the monotonic clock.
    var arrival: UInt64 = 0
    /// Capture time by the camera's clock, in seconds since 1970.
    var wallClock: Double?
    /// True if the packet, or one since the last key frame, lost data on the network.
    var dependsOnLoss = false
    /// Seconds by which the source's clock leapt before the packet; 0 if it did not.
    var leap = 0.0
}

/// Ring of the latest packet origins, by the number that travels with each packet through the
/// decoder.
struct PacketOrigins: Sendable {
    private var ring: [PacketOrigin]
    private var count: Int64 = 0

    /// Creates a ring; the default exceeds any decoder's delay.
    init(capacity: Int = 256) { ring = Array(repeating: PacketOrigin(), count: capacity) }

    /// Stores an origin and returns its number, from 1.
    mutating func note(_ origin: PacketOrigin) -> Int64 {
        count += 1
        ring[Int(count % Int64(ring.count))] = origin
        return count
    }

    /// Origin of a packet; nil if overwritten or never stored.
    subscript(number: Int64) -> PacketOrigin? {
        guard number > 0, number <= count, count - number < Int64(ring.count) else { return nil }
        return ring[Int(number % Int64(ring.count))]
    }
}

extension PacketOrigin {
    /// Origin of a packet that was just read.
    init(_ packet: PacketView) {
        arrival = UInt64(av_gettime_relative()) * 1000
        var size = 0
        guard let data = unsafe av_packet_get_side_data(packet.pointer, AV_PKT_DATA_PRFT, &size),
            size >= MemoryLayout<AVProducerReferenceTime>.size
        else { return }
        let clock = unsafe UnsafeRawPointer(data).loadUnaligned(as: AVProducerReferenceTime.self)
        wallClock = Double(clock.wallclock) / 1e6
    }
}
