/// Counts of lost and late RTP packets, parsed from FFmpeg's log, the only place where it reports
/// them.
struct PacketLoss: Sendable, Hashable {
    /// Packets that never arrived, by their sequence numbers.
    var missed = 0
    /// Packets that arrived after later ones had been delivered.
    var late = 0

    /// Parses a log line; other lines change nothing.
    mutating func parse(_ line: String) {
        if let place = line.firstRange(of: "RTP: missed ") {
            missed += Int(line[place.upperBound...].prefix { $0.isNumber }) ?? 0
        } else if line.contains("old packet received too late") {
            late += 1
        }
    }
}

/// Tracks the frames that depend on lost packets.
struct LossPropagation: Sendable {
    /// Number of coming frames that may lack data.
    private var hits = 0
    private var isAffected = false

    /// Updates the counts of `report`; true if the next frame lacks data or depends on one that
    /// does.
    ///
    /// A loss may belong to the frame at which it is noticed or to the next one: the parser
    /// completes a frame only when the next one begins.
    mutating func update(
        _ packetLoss: PacketLoss, isKey: Bool, report: inout ReadReport
    ) -> Bool {
        if packetLoss.missed > report.missedPackets { hits = 2 }
        (report.missedPackets, report.latePackets) = (packetLoss.missed, packetLoss.late)
        if hits > 0 {
            hits -= 1
            isAffected = true
        } else if isKey {
            isAffected = false
        }
        return isAffected
    }
}
