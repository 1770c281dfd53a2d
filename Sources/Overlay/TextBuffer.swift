/// Reusable buffer for one line of text; composing a label allocates nothing.
struct TextBuffer: Sendable {
    /// Maximum number of scalars.
    static let capacity = 160

    /// Unicode scalars of the line.
    private(set) var scalars: [UInt32] = []

    init() {
        scalars.reserveCapacity(TextBuffer.capacity)
    }

    var isEmpty: Bool { scalars.isEmpty }

    mutating func removeAll() {
        scalars.removeAll(keepingCapacity: true)
    }

    /// Removes one of the first `count` scalars and ends them in an ellipsis; `count` is at least 2.
    mutating func elide(first count: Int) {
        scalars.remove(at: count - 1)
        scalars[count - 2] = 0x2026
    }

    mutating func append(scalar: UInt32) {
        guard scalars.count < TextBuffer.capacity else { return }
        scalars.append(scalar)
    }

    /// Appends text; control characters become spaces.
    mutating func append(_ text: String) {
        for scalar in text.unicodeScalars {
            append(scalar: scalar.properties.generalCategory == .control ? 0x20 : scalar.value)
        }
    }

    /// Appends a space unless the line is empty.
    mutating func separate() {
        if !isEmpty { append(scalar: 0x20) }
    }

    /// Appends an integer in decimal digits.
    mutating func append(_ number: Int) {
        if number < 0 { append(scalar: 0x2D) }
        var divisor: UInt = 1
        while number.magnitude / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(scalar: 0x30 + UInt32(number.magnitude / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends a non-negative number with one decimal, rounded to nearest.
    mutating func append(tenthsOf number: Double) {
        guard number.isFinite else { return append("–") }
        let tenths = Int((min(max(number, 0), 1e9) * 10).rounded())
        append(tenths / 10)
        append(scalar: 0x2E)
        append(tenths % 10)
    }

    /// Appends a score between 0 and 1 in whole percent.
    mutating func append(percentOf score: Float) {
        guard !score.isNaN else { return append("–") }
        append(Int((score.clamped(0, 1) * 100).rounded()))
        append(scalar: 0x25)
    }
}
