/// One line of the journal of a queue: an entry that waits, or the number of one that is done.
///
/// `+NUMBER CHECKSUM TEXT` and `-NUMBER CHECKSUM`, each with a line feed. A line that was written in part, or is
/// damaged, fails its checksum and is skipped; the next line feed begins a sound one.
enum JournalLine: Hashable {
    case waiting(number: UInt64, text: String)
    case done(number: UInt64)

    /// The line with its line feed.
    var text: String {
        switch self {
        case .waiting(let number, let text): "+\(number) \(Self.checksum(number, text)) \(text)\n"
        case .done(let number): "-\(number) \(Self.checksum(number, ""))\n"
        }
    }

    /// Parses a line without its line feed; nil for a damaged one.
    init?(_ line: Substring.UTF8View) {
        guard let sign = line.first else { return nil }
        let parts = line.dropFirst().split(
            separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let number = UInt64(Substring(parts[0])) else { return nil }
        let text = parts.count == 3 ? String(Substring(parts[2])) : ""
        guard Substring(parts[1]) == Self.checksum(number, text) else { return nil }
        switch (sign, parts.count) {
        case (UInt8(ascii: "+"), 3): self = .waiting(number: number, text: text)
        case (UInt8(ascii: "-"), 2): self = .done(number: number)
        default: return nil
        }
    }

    /// FNV-1a over the number and the text, in hexadecimal: enough against torn writes, none against intent.
    private static func checksum(_ number: UInt64, _ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(number) ".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
