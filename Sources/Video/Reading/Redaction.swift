/// Replaces the secrets of every address in a text by `***`: credentials
/// (`rtsp://user:secret@host`, `rtsp:user:secret@host`) and named values (`?user=admin&pwd=secret`,
/// `/user=admin_password=secret_channel=1`, the fields of signed addresses).
///
/// In doubt, hides more than necessary.
public func redacted(_ text: String) -> String {
    var result = ""
    var rest = withoutSlashlessCredentials(text)[...]
    while let mark = rest.firstRange(of: "://") {
        let isRTSP = rest[..<mark.lowerBound].lowercased().hasSuffix("rtsp")
        result += rest[..<mark.upperBound]
        rest = rest[mark.upperBound...]
        let at = endOfCredentials(in: rest, isRTSP: isRTSP)
        if let at {
            result += "***"
            rest = mayBeInQuery(rest[..<at]) ? rest[endOfAddress(in: rest)...] : rest[at...]
        }
        let end = endOfAddress(in: rest)
        result += withoutSecretValues(rest[..<end])
        rest = rest[end...]
    }
    return result + rest
}

/// True if the `@` after this part of an address may belong to a query, such as `cam/v?pwd=a@b`, and not to a password.
private func mayBeInQuery(_ part: Substring) -> Bool {
    guard let mark = part.firstIndex(of: "?") else { return false }
    return part[..<mark].contains("/") || part[mark...].contains("=")
}

/// Schemes of cameras, in which a forgotten `//` must not show a password.
private let schemes = ["rtsp:", "rtsps:", "rtmp:", "rtmps:", "http:", "https:", "srt:"]

/// Hides `user:secret` of `rtsp:user:secret@host`, an address without its slashes.
private func withoutSlashlessCredentials(_ text: String) -> String {
    guard text.contains("@"), schemes.contains(where: { text.lowercased().contains($0) }) else {
        return text
    }
    var result = ""
    var rest = text[...]
    while !rest.isEmpty {
        let word = rest.prefix { $0 != " " && $0 != "\n" }
        result += withoutSlashlessCredentials(of: word)
        rest = rest[word.endIndex...]
        result += rest.prefix(1)
        rest = rest.dropFirst()
    }
    return result
}

private func withoutSlashlessCredentials(of word: Substring) -> Substring {
    let lower = word.lowercased()
    for scheme in schemes {
        guard let place = lower.firstRange(of: scheme) else { continue }
        let count = lower.distance(from: lower.startIndex, to: place.upperBound)
        let rest = word.dropFirst(count)
        guard !rest.hasPrefix("//"), let at = rest.lastIndex(of: "@") else { continue }
        return word.prefix(count) + "***" + rest[at...]
    }
    return word
}

/// Index at which an address within a text ends: at white space, or at a quote after which no word goes on.
private func endOfAddress(in text: Substring) -> Substring.Index {
    text.indices.first { index in
        guard isOutside(text[index]) else { return false }
        let next = text.index(after: index)
        let isQuote = text[index] != " " && text[index] != "\n"
        return !isQuote || next == text.endIndex || !(text[next].isLetter || text[next].isNumber)
    } ?? text.endIndex
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
private let secretWords = [
    "user", "usr", "login", "pass", "pwd", "psw", "token", "key", "secret", "auth", "sign",
    "credential",
    "session", "ticket", "hmac", "jwt",
]
/// Short names whose values are secret, among them those of signed addresses.
private let secretNames: Set<String> = [
    "p", "pw", "u", "pin", "sig", "sid", "code", "policy", "hash", "md5", "hdnts", "hdnea", "st",
]

private func isSecret(_ name: some StringProtocol) -> Bool {
    let name = name.lowercased()
    return secretNames.contains(name) || secretWords.contains(where: name.contains)
}

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
            isHiding = isSecret(part[..<equals])
            result += separator + (isHiding ? part[...equals] + "***" : part)
        } else if !isHiding {
            result += separator + part
        }
    }
    return result
}

/// An address whose credentials are replaced by `***`; its queries stay.
func redactedCredentials(_ address: String) -> String {
    guard let mark = address.firstRange(of: "://") else { return address }
    let rest = address[mark.upperBound...]
    let isRTSP = address[..<mark.lowerBound].lowercased().hasPrefix("rtsp")
    guard let at = endOfCredentials(in: rest, isRTSP: isRTSP) else { return address }
    return address[..<mark.upperBound] + "***" + rest[at...]
}
