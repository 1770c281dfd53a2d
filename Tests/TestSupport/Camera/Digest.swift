import Foundation

/// Server side of digest authentication (RFC 2617, without quality of protection, like cameras).
struct Digest {
    let user: String
    let password: String
    static let realm = "pretended camera"
    static let nonce = "b7e1c0ffee"

    /// Challenge header.
    static let challenge =
        "WWW-Authenticate: Digest realm=\"\(realm)\", nonce=\"\(nonce)\""

    /// True if an `Authorization` header answers the challenge.
    func accepts(_ header: String, method: String) -> Bool {
        guard header.hasPrefix("Digest ") else { return false }
        let fields = Self.fields(header)
        guard fields["username"] == user, fields["nonce"] == Self.nonce,
            let address = fields["uri"]
        else { return false }
        let secret = md5("\(user):\(Self.realm):\(password)")
        let request = md5("\(method):\(address)")
        return fields["response"] == md5("\(secret):\(Self.nonce):\(request)")
    }

    private static func fields(_ header: String) -> [String: String] {
        var fields: [String: String] = [:]
        for part in header.dropFirst("Digest ".count).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
            }
            if pair.count == 2 { fields[pair[0]] = pair[1] }
        }
        return fields
    }
}

/// MD5 of a text (RFC 1321) in hexadecimal, for camera passwords only.
public func md5(_ text: String) -> String {
    var message = Array(text.utf8)
    let bits = UInt64(message.count) * 8
    message.append(0x80)
    while message.count % 64 != 56 { message.append(0) }
    for shift in stride(from: 0, to: 64, by: 8) {
        message.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
    for start in stride(from: 0, to: message.count, by: 64) {
        let words = (0..<16).map { word in
            (0..<4).reduce(UInt32(0)) {
                $0 | UInt32(message[start + word * 4 + $1]) << (8 * UInt32($1))
            }
        }
        digest(words, into: &state)
    }
    return state.flatMap { word in
        (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
    }
    .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

private let shifts: [[UInt32]] = [
    [7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21],
]

private func digest(_ words: [UInt32], into state: inout [UInt32]) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for step in 0..<64 {
        let mixed: UInt32
        let word: Int
        switch step / 16 {
        case 0: (mixed, word) = ((b & c) | (~b & d), step)
        case 1: (mixed, word) = ((d & b) | (~d & c), (5 * step + 1) % 16)
        case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) % 16)
        default: (mixed, word) = (c ^ (b | ~d), (7 * step) % 16)
        }
        let constant = UInt32(abs(sin(Double(step + 1))) * 4_294_967_296)
        let sum = a &+ mixed &+ constant &+ words[word]
        let shift = shifts[step / 16][step % 4]
        (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
    }
    for (index, value) in [a, b, c, d].enumerated() { state[index] &+= value }
}
