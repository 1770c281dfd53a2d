/// What FFmpeg says, in its log alone, of packets of the network that it missed or could not use.
struct NetworkTrouble: Sendable, Hashable {
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
