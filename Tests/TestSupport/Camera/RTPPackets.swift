import Foundation

/// Packetizer of one stream: RTP with H.264 payload (RFC 3550, RFC 6184), and sender reports.
struct RTPPackets {
    /// Next sequence number.
    var sequence: UInt16
    private let source: UInt32 = 0x7E57_CA4E
    private var sent: UInt32 = 0
    private var octets: UInt32 = 0

    private static let payloadType: UInt8 = 96
    private static let largestPayload = 1200

    init(sequence: UInt16) { self.sequence = sequence }

    /// Packets of one frame; the last has the marker bit unless `marks` is false.
    mutating func packets(of frame: AnnexB.CodedFrame, timestamp: UInt32, marks: Bool) -> [Data] {
        let payloads = frame.units.flatMap(Self.payloads)
        return payloads.enumerated().map { index, payload in
            packet(payload, timestamp: timestamp, isMarked: marks && index == payloads.count - 1)
        }
    }

    private mutating func packet(_ payload: Data, timestamp: UInt32, isMarked: Bool) -> Data {
        var data = Data([0x80, Self.payloadType | (isMarked ? 0x80 : 0)])
        data.append(bigEndian: sequence)
        data.append(bigEndian: timestamp)
        data.append(bigEndian: source)
        data.append(payload)
        sequence &+= 1
        sent &+= 1
        octets &+= UInt32(payload.count)
        return data
    }

    /// Payloads of a NAL unit: the unit itself, or fragments (FU-A) if it is too long.
    private static func payloads(of unit: Data) -> [Data] {
        guard unit.count > largestPayload, let head = unit.first else { return [unit] }
        let body = unit.dropFirst()
        return stride(from: body.startIndex, to: body.endIndex, by: largestPayload).map { start in
            let end = min(start + largestPayload, body.endIndex)
            let first: UInt8 = start == body.startIndex ? 0x80 : 0
            let last: UInt8 = end == body.endIndex ? 0x40 : 0
            return Data([head & 0xE0 | 28, first | last | head & 0x1F]) + body[start..<end]
        }
    }

    /// Sender report that maps `timestamp` to `wall`, in seconds since 1970.
    func report(timestamp: UInt32, wall: Double) -> Data {
        var data = Data([0x80, 200])
        data.append(bigEndian: UInt16(6))
        data.append(bigEndian: source)
        let secondsTo1970 = 2_208_988_800.0
        data.append(bigEndian: UInt32(wall + secondsTo1970))
        data.append(bigEndian: UInt32((wall - wall.rounded(.down)) * 4_294_967_296))
        data.append(bigEndian: timestamp)
        data.append(bigEndian: sent)
        data.append(bigEndian: octets)
        return data
    }
}

extension Data {
    /// Appends a number in big-endian order.
    mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
