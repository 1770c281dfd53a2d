internal import Video

/// Decimal numbers of results: a fixed number of decimals, the same on every machine and in every locale.
package enum DecimalText {
    /// `value` rounded to `decimals` places, halves away from zero, without a sign on zero.
    ///
    /// Values that JSON has no number for (infinite or NaN) become 0.
    package static func text(_ value: Double, decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 else { return "0" }
        let ticks = Int64(scaled)
        let digits = String(ticks.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = ticks < 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// Pixels: two decimals.
    package static func pixels(_ value: Float) -> String { text(Double(value), decimals: 2) }
    /// Scores: four decimals.
    package static func score(_ value: Float) -> String { text(Double(value), decimals: 4) }
    /// Seconds: six decimals.
    package static func seconds(_ value: Double) -> String { text(value, decimals: 6) }
}

/// JSON strings.
package enum JSONText {
    /// The text in double quotes, escaped as JSON requires; characters that steer a terminal are escaped as well.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isSteering(scalar): result += jsonEscape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
