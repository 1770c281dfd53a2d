/// Replaces the secrets of every address in a text by `***`: credentials
/// (`rtsp://user:secret@host`) and named values (`?user=admin&pwd=secret`,
/// `/user=admin_password=secret_channel=1`).
///
/// In doubt, hides more than necessary.
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

/// True for a character that ends an address within a text.
private func isOutside(_ character: Character) -> Bool { " \"'\n".contains(character) }

/// Index of the `@` that ends the credentials, in the text after the scheme; nil if there are none.
private func endOfCredentials(in text: Substring, isRTSP: Bool) -> Substring.Index? {
    let address = text.prefix { !isOutside($0) }
    let host = address.prefix { !"/?#".contains($0) }
    // A later @ may end a password whose own @ is not percent-encoded.
    if host.contains("@") { return address.lastIndex(of: "@") }
    guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") else { return nil }
    // A number after the host's colon is a port. Anything else is a password that should have been
    // percent-encoded and may contain characters that end an address. A number may be the start of
    // a password; camera paths contain no `@`.
    let isNumber = host[colon...].dropFirst().allSatisfy(\.isNumber)
    if isNumber { return isRTSP ? address.lastIndex(of: "@") : nil }
    let next = text.firstRange(of: "://")?.lowerBound ?? text.endIndex
    return address.lastIndex(of: "@") ?? text[..<next].prefix { $0 != "\n" }.lastIndex(of: "@")
}

/// True for an address whose user or password contains a character that should have been
/// percent-encoded: FFmpeg takes the rest of it for the host or the path.
func hasUnencodedCredentials(_ address: String) -> Bool {
    guard let mark = address.firstRange(of: "://") else { return false }
    let rest = address[mark.upperBound...]
    let isRTSP = address[..<mark.lowerBound].lowercased().hasSuffix("rtsp")
    guard let end = endOfCredentials(in: rest, isRTSP: isRTSP) else { return false }
    let credentials = rest[..<end]
    let isEncoded = credentials.split(separator: "%", omittingEmptySubsequences: false).dropFirst()
        .allSatisfy { $0.count >= 2 && $0.prefix(2).allSatisfy(\.isHexDigit) }
    return !isEncoded || credentials.contains { "@/?# ".contains($0) }
}

/// Parts of names whose values are secret.
private let secretWords = ["user", "usr", "login", "pass", "pwd", "token", "key", "secret", "auth"]

private func withoutSecretValues(_ address: Substring) -> String {
    let mark = address.firstIndex(of: "?") ?? address.endIndex
    let path = address[..<mark].split(separator: "/", omittingEmptySubsequences: false)
        .map { hidingSecrets(in: $0, separators: "&_;") }
    return path.joined(separator: "/") + hidingSecrets(in: address[mark...], separators: "?&")
}

/// Replaces the secret values among name-value pairs; a value lasts until the next name.
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
