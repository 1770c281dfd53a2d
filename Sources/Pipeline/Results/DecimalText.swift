package import Scene

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
    /// Left, top, width and height of a box in pixels.
    package static func box(_ box: Box) -> [String] {
        [box.x, box.y, box.width, box.height].map(pixels)
    }
    /// Scores: four decimals.
    package static func score(_ value: Float) -> String { text(Double(value), decimals: 4) }
    /// Seconds: six decimals.
    package static func seconds(_ value: Double) -> String { text(value, decimals: 6) }
}
