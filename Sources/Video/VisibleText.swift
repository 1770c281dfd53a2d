/// Text with every character that can steer a terminal, or the reading of a line, written as `\u{…}`.
///
/// Names of files, and what cameras send, reach terminals and journals. Escaped are the control
/// characters C0 and C1, line and paragraph separators, and the marks that change the direction of
/// writing (Unicode TR 36).
public func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isSteering) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        guard isSteering(scalar) else {
            result.append(scalar)
            continue
        }
        let code = String(scalar.value, radix: 16, uppercase: true)
        result.append(contentsOf: "\\u{\(code)}".unicodeScalars)
    }
    return String(result)
}

/// Text of several lines, each of them ``visible(_:)``.
public func visibleLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
        .joined(separator: "\n")
}

/// JSON text in which these characters are written as JSON's own `\\uXXXX`, inside strings, the
/// only place where they occur; line ends between values stay.
public func visibleJSON(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        if isSteering(scalar) && scalar != "\n" {
            result.append(contentsOf: jsonEscape(scalar).unicodeScalars)
        } else {
            result.append(scalar)
        }
    }
    return String(result)
}

/// JSON's escape of a character of the basic plane.
public func jsonEscape(_ scalar: Unicode.Scalar) -> String {
    let code = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: max(0, 4 - code.count)) + code
}

/// True for a character that ``visible(_:)`` escapes.
public func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F: true
    // Marks of direction, separators of lines, embeddings, overrides, isolates.
    case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}
