internal import CFFmpeg

/// Where a picture comes from in time.
struct PacketOrigin: Sendable, Hashable {
    /// When its packet came, in nanoseconds of the monotonic clock.
    var arrival: UInt64 = 0
    /// What the camera's clock showed, in seconds since 1970.
    var wallClock: Double?
    /// The network lost something of it, or of one before it, and no key frame came since.
    var dependsOnLoss = false
}

/// The origins of the latest packets, found again by the number that travels with each through the decoder.
struct PacketOrigins: Sendable {
    private var ring: [PacketOrigin]
    private var count: Int64 = 0

    /// Remembers so many packets: more than any decoder holds back.
    init(capacity: Int = 256) { ring = Array(repeating: PacketOrigin(), count: capacity) }

    /// Remembers a packet and returns its number, from 1.
    mutating func note(_ origin: PacketOrigin) -> Int64 {
        count += 1
        ring[Int(count % Int64(ring.count))] = origin
        return count
    }

    /// The origin of a packet; nil when it is forgotten or never was.
    subscript(number: Int64) -> PacketOrigin? {
        guard number > 0, number <= count, count - number < Int64(ring.count) else { return nil }
        return ring[Int(number % Int64(ring.count))]
    }
}

extension PacketOrigin {
    /// The origin of a packet that was just read.
    init(_ packet: UnsafeMutablePointer<AVPacket>) {
        arrival = UInt64(av_gettime_relative()) * 1000
        var size = 0
        guard let data = unsafe av_packet_get_side_data(packet, AV_PKT_DATA_PRFT, &size),
            size >= MemoryLayout<AVProducerReferenceTime>.size
        else { return }
        let clock = unsafe UnsafeRawPointer(data).loadUnaligned(as: AVProducerReferenceTime.self)
        wallClock = Double(clock.wallclock) / 1e6
    }
}
