/// What FFmpeg says, in its log alone, of packets of the network that it missed or could not use.
struct PacketLoss: Sendable, Hashable {
    /// Packets that never came, by their numbers.
    var missed = 0
    /// Packets that came after their successors had been passed on.
    var late = 0

    /// Takes a line of the log in; lines about other things change nothing.
    mutating func note(_ line: String) {
        if let place = line.firstRange(of: "RTP: missed ") {
            missed += Int(line[place.upperBound...].prefix { $0.isNumber }) ?? 0
        } else if line.contains("old packet received too late") {
            late += 1
        }
    }
}

/// Which pictures lean on something that the network lost.
struct LossPropagation: Sendable {
    /// Pictures of which something may be missing.
    private var hits = 0
    private var isAffected = false

    /// Counts what was lost so far; true when the next picture misses something, or leans on one that does.
    ///
    /// What is missing belongs to the picture at which that is noticed, or to the one after it, whose beginning ended it.
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
