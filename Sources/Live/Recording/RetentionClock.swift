/// Comparison of the wall clock with the monotonic one, before recordings are removed for their age.
///
/// A wall clock that jumps, because of a missing battery or a wrong time server, can suddenly make every file old. A
/// new time is believed after it has been steady for an hour.
struct RetentionClock: Sendable {
    /// Seconds for which a new time must be steady.
    static let patience = 3600.0
    /// Seconds of disagreement that count as a leap.
    static let tolerance = 60.0

    /// Wall time minus monotonic time, as believed; nil before the first look.
    private var believed: Double?
    /// Other difference, and the monotonic time since which it holds.
    private var other: (offset: Double, since: Double)?

    /// Compares both clocks, in seconds.
    ///
    /// - Returns: True when ages are reliable, and a sentence when that has changed.
    mutating func judge(wall: Double, uptime: Double) -> (isSteady: Bool, message: String?) {
        let offset = wall - uptime
        guard let expected = believed, abs(offset - expected) > Self.tolerance else {
            let message = other.map { _ in
                "The wall clock is right again: old recordings are removed as before."
            }
            (believed, other) = (offset, nil)
            return (true, message)
        }
        guard let known = other, abs(offset - known.offset) <= Self.tolerance else {
            other = (offset, uptime)
            return (false, Self.warning(offset - expected))
        }
        guard uptime - known.since >= Self.patience else { return (false, nil) }
        (believed, other) = (offset, nil)
        return (true, "The wall clock has been steady for an hour: its new time is used.")
    }

    private static func warning(_ leap: Double) -> String {
        let seconds = Int(min(abs(leap), 1e12).rounded())
        return
            "The wall clock leapt by \(seconds) s \(leap < 0 ? "back" : "ahead"): no recording is removed for its "
            + "age until the clock is right again, or has been steady for an hour."
    }
}
