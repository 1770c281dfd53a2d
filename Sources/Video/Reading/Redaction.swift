/// The text with the secrets of every address in it replaced by `***`: credentials (`rtsp://user:secret@host`), and
/// values that cameras take by name (`?user=admin&pwd=secret`, `/user=admin_password=secret_channel=1`).
///
/// Where it is not clear what is secret, more is hidden than need be.
public func redacted(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let mark = rest.firstRange(of: "://") {
        let isRTSP = rest[..<mark.lowerBound].lowercased().hasSuffix("rtsp")
        result += rest[..<mark.upperBound]
        rest = rest[mark.upperBound...]
        if let at = endOfCredentials(in: rest, isRTSP: isRTSP) {
            result += "***"
            rest = rest[at...]
        }
        let end = rest.firstIndex(where: isOutside) ?? rest.endIndex
        result += withoutSecretValues(rest[..<end])
        rest = rest[end...]
    }
    return result + rest
}

/// Whether a character ends an address within a text.
private func isOutside(_ character: Character) -> Bool { " \"'\n".contains(character) }

/// The `@` behind the credentials of an address, with which a text begins behind its scheme; nil where there are none.
private func endOfCredentials(in text: Substring, isRTSP: Bool) -> Substring.Index? {
    let address = text.prefix { !isOutside($0) }
    let host = address.prefix { !"/?#".contains($0) }
    if let at = host.lastIndex(of: "@") { return at }
    guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return nil }
    // Behind a host's colon stands a number: anything else is a password that should have been percent-encoded, and may
    // hold what ends an address. A number may be the beginning of one; paths with an `@` are not what cameras have.
    let isNumber = host[colon...].dropFirst().allSatisfy(\.isNumber)
    if isNumber { return isRTSP ? address.lastIndex(of: "@") : nil }
    let next = text.firstRange(of: "://")?.lowerBound ?? text.endIndex
    return address.lastIndex(of: "@") ?? text[..<next].prefix { $0 != "\n" }.lastIndex(of: "@")
}

/// Words in the name of a value that is nobody's business.
private let secretWords = ["user", "usr", "login", "pass", "pwd", "token", "key", "secret", "auth"]

private func withoutSecretValues(_ address: Substring) -> String {
    let mark = address.firstIndex(of: "?") ?? address.endIndex
    let path = address[..<mark].split(separator: "/", omittingEmptySubsequences: false)
        .map { hidingSecrets(in: $0, separators: "&_;") }
    return path.joined(separator: "/") + hidingSecrets(in: address[mark...], separators: "?&")
}

/// Pairs of name and value with the secret values replaced; one lasts until the next name.
private func hidingSecrets(in pairs: Substring, separators: String) -> String {
    var result = ""
    var isHiding = false
    var rest = pairs
    while !rest.isEmpty {
        let separator = rest.prefix { separators.contains($0) }
        let part = rest.dropFirst(separator.count).prefix { !separators.contains($0) }
        rest = rest.dropFirst(separator.count + part.count)
        if let equals = part.firstIndex(of: "=") {
            let name = part[..<equals].lowercased()
            isHiding = secretWords.contains(where: name.contains)
            result += separator + (isHiding ? part[...equals] + "***" : part)
        } else if !isHiding {
            result += separator + part
        }
    }
    return result
}
