/// Arithmetic on stamps that files and people bring along: what is too large becomes the largest there is
/// instead of ending the program.
///
/// `Int64.min` never comes out, since it is FFmpeg's mark for a stamp that is missing.
extension Int64 {
    /// The farthest moment that is believed: sums of a few such numbers still fit.
    static let farthestTicks: Int64 = 1 << 61

    /// The nearest whole number, at most ``farthestTicks`` away from zero; 0 for what is not a number.
    init(nearest value: Double) {
        let limit = Double(Int64.farthestTicks)
        self = value.isNaN ? 0 : Int64(Swift.min(Swift.max(value, -limit), limit).rounded())
    }

    /// The sum, or the end of the range on its side.
    func adding(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow else { return other < 0 ? -.max : .max }
        return Swift.max(sum, -.max)
    }

    /// The difference, or the end of the range on its side.
    func subtracting(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        guard !overflow else { return other < 0 ? .max : -.max }
        return Swift.max(difference, -.max)
    }
}
