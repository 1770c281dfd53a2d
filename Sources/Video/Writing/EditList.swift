/// Adds edit lists to the `moov` box of a fragmented file (ISO/IEC 14496-12, 8.6.5 and 8.6.6).
///
/// Decode times in fragments cannot be negative, but a stream with B-frames or audio encoder delay
/// starts before zero. Its timestamps are written with a positive offset, the lead, and the edit
/// list subtracts it. FFmpeg's muxer writes such lists only if every track starts before the first
/// fragment ends.
enum EditList {
    /// Inserts an edit list into each track with a lead, in ticks of the track; tracks are in file
    /// order.
    static func insert(leads: [Int64], into bytes: inout [UInt8]) {
        guard leads.contains(where: { $0 > 0 }),
            let moov = BoxSpan.boxes(in: 0..<bytes.count, of: bytes).first(where: {
                $0.name == "moov"
            })
        else { return }
        let tracks = BoxSpan.boxes(in: moov.content, of: bytes).filter { $0.name == "trak" }
        var grown = 0
        for (track, lead) in zip(tracks, leads).reversed() where lead > 0 {
            guard
                let header = BoxSpan.boxes(in: track.content, of: bytes).first(where: {
                    $0.name == "tkhd"
                })
            else { continue }
            let list = edts(lead: lead)
            bytes.insert(contentsOf: list, at: header.content.upperBound)
            grow(boxAt: track.start, by: list.count, in: &bytes)
            grown += list.count
        }
        grow(boxAt: moov.start, by: grown, in: &bytes)
    }

    private static func grow(boxAt at: Int, by count: Int, in bytes: inout [UInt8]) {
        let size = BoxSpan.number(at: at, of: bytes) + UInt32(count)
        bytes.replaceSubrange(at..<at + 4, with: bigEndian(size))
    }

    /// Edit of unspecified duration that starts at the lead, at normal speed.
    private static func edts(lead: Int64) -> [UInt8] {
        let entry: [UInt8] = bigEndian(UInt64(0)) + bigEndian(lead) + [0, 1, 0, 0]
        let versionAndFlags: [UInt8] = [1, 0, 0, 0]
        let elst = box("elst", versionAndFlags + bigEndian(UInt32(1)) + entry)
        return box("edts", elst)
    }

    private static func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        bigEndian(UInt32(content.count + 8)) + Array(name.utf8) + content
    }

    private static func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
