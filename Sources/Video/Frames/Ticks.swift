/// Saturating arithmetic on timestamps, so that extreme values in files cannot trap.
///
/// `Int64.min`, FFmpeg's mark for a missing timestamp, is never a result.
extension Int64 {
    /// Largest magnitude of a plausible timestamp; sums of a few such values do not overflow.
    static let farthestTicks: Int64 = 1 << 61

    /// Rounds to the nearest integer, limited to ±``farthestTicks``; 0 for NaN.
    init(nearest value: Double) {
        let limit = Double(Int64.farthestTicks)
        self = value.isNaN ? 0 : Int64(Swift.min(Swift.max(value, -limit), limit).rounded())
    }

    /// Saturating sum.
    func adding(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        guard !overflow else { return other < 0 ? -.max : .max }
        return Swift.max(sum, -.max)
    }

    /// Saturating difference.
    func subtracting(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        guard !overflow else { return other < 0 ? .max : -.max }
        return Swift.max(difference, -.max)
    }
}
