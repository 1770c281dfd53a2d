/// Decision whether a leap of the video's timestamps begins another clock.
///
/// A pure value. A leap is confirmed by at least three packets and half a second that follow it. It
/// is then a new clock, or a gap if it is short and forward. Packets after which the old clock
/// continues have wrong timestamps.
struct ClockLeap: Sendable {
    /// Verdict about a timestamp, and about those held before it.
    enum Verdict: Equatable, Sendable {
        /// It follows the one before.
        case steady
        /// It leaps; the packets that follow decide.
        case undecided
        /// The undecided timestamps are right: there is a gap.
        case gap
        /// The undecided timestamps belong to a new clock, which is `ticks` behind the old one.
        case newClock(ticks: Int64)
        /// The undecided timestamps before this one are wrong; these take their place.
        case wrong([Int64])
        /// The same, and this one is undecided.
        case wrongAndUndecided([Int64])
    }

    private struct Suspect {
        var ticks: Int64
        var passed: Int64?
    }

    private var last: Int64?
    private var lastArrival: Int64?
    private var suspects: [Suspect] = []
    /// Latest distance between two packets.
    private var step: Int64
    private let second: Int64
    /// Ticks of the longest gap: a longer leap forward is a new clock.
    private let longestGap: Int64
    /// Ticks of the longest step back that is disorder.
    private let disorder: Int64

    /// Packets that confirm a leap.
    private static let confirming = 3
    /// Packets after which a leap counts as confirmed in any case.
    private static let most = 4096

    /// Creates a judge; `longestGap` is in seconds.
    init(timeBase: Ratio, nominalRate: Ratio, longestGap: Double, isLive: Bool) {
        let perSecond = timeBase.value > 0 ? 1 / timeBase.value : 1
        second = max(Int64(nearest: perSecond), 2)
        self.longestGap = max(Int64(nearest: perSecond * longestGap), 2)
        disorder = isLive ? second : second / 2
        let rate = nominalRate.value > 0 ? nominalRate.value : 25
        step = min(max(Int64(nearest: perSecond / rate), 1), second * 60)
    }

    /// True while timestamps are undecided.
    var isUndecided: Bool { !suspects.isEmpty }

    /// Latest timestamp that was found right.
    var position: Int64? { last }

    /// Distance of the next packet.
    var usualStep: Int64 { step }

    /// Judges the next timestamp; `arrival` is in ticks of a steady clock, nil for files.
    mutating func judge(_ ticks: Int64, arrival: Int64? = nil) -> Verdict {
        guard let last, ticks.magnitude <= Int64.farthestTicks.magnitude else {
            (self.last, lastArrival) = (min(max(ticks, -.farthestTicks), .farthestTicks), arrival)
            return .steady
        }
        let passed = arrival.flatMap { now in lastArrival.map { max(now.subtracting($0), 0) } }
        guard let latest = suspects.last else {
            guard leaps(ticks.subtracting(last), passed) else {
                accept(ticks, arrival)
                return .steady
            }
            suspects = [Suspect(ticks: ticks, passed: passed)]
            return .undecided
        }
        let next = Suspect(ticks: ticks, passed: passed)
        if continues(latest, next) {
            suspects.append(next)
            guard isConfirmed(ticks) else { return .undecided }
            return settle(arrival)
        }
        let replaced = replacements(until: isOnOldClock(next) ? ticks : nil)
        if isOnOldClock(next) {
            accept(ticks, arrival)
            return .wrong(replaced)
        }
        self.last = replaced.last ?? last
        suspects = [next]
        return .wrongAndUndecided(replaced)
    }

    /// Decides at the end of the source, where nothing follows.
    mutating func end() -> Verdict {
        suspects.isEmpty ? .steady : settle(nil)
    }

    private mutating func accept(_ ticks: Int64, _ arrival: Int64?) {
        if let last, ticks > last { step = min(ticks.subtracting(last), longestGap) }
        last = max(ticks, last ?? ticks)
        lastArrival = arrival
        suspects = []
    }

    /// True for a step that the packets after it must confirm.
    private func leaps(_ distance: Int64, _ passed: Int64?) -> Bool {
        if distance < 0 { return distance < -disorder }
        return distance > (passed ?? 0).adding(max(second, step.adding(step).adding(step)))
    }

    private func continues(_ latest: Suspect, _ next: Suspect) -> Bool {
        let distance = next.ticks.subtracting(latest.ticks)
        let passed = (next.passed ?? 0).subtracting(latest.passed ?? 0)
        guard let last, distance >= -disorder else { return false }
        // Packets of a slow source are as far apart as the leap itself.
        let farthest = max(longestGap, suspects[0].ticks.subtracting(last).adding(step) * 2)
        guard distance <= farthest.adding(passed) else { return false }
        guard isOnOldClock(next) else { return true }
        // Both clocks are possible: the one that fits better counts.
        let old = last.adding(step * Int64(suspects.count + 1))
        let new = latest.ticks.adding(step)
        return next.ticks.subtracting(new).magnitude < next.ticks.subtracting(old).magnitude
    }

    private func isOnOldClock(_ next: Suspect) -> Bool {
        guard let last else { return false }
        let distance = next.ticks.subtracting(last)
        let usual = step.multipliedReportingOverflow(by: Int64(suspects.count + 2)).partialValue
        return distance > 0 && distance <= (next.passed ?? 0).adding(max(second, usual))
    }

    private func isConfirmed(_ ticks: Int64) -> Bool {
        let isLong = ticks.subtracting(suspects[0].ticks) >= second / 2
        return suspects.count > Self.most || isLong && suspects.count > Self.confirming
    }

    private mutating func settle(_ arrival: Int64?) -> Verdict {
        let (first, newest) = (suspects[0], suspects[suspects.count - 1])
        guard let last else { return .steady }
        let leap = first.ticks.subtracting(last)
        let follows = suspects.count > 1 ? suspects[1].ticks.subtracting(first.ticks) : 0
        suspects = []
        lastArrival = arrival
        self.last = newest.ticks
        let allowed = longestGap.adding(first.passed ?? 0)
        // Frames that are all far apart make a slow source, not a leap.
        if leap > 0, leap <= max(allowed, follows.adding(follows)) { return .gap }
        return .newClock(
            ticks: last.adding(first.passed.map { max($0, 1) } ?? step)
                .subtracting(first.ticks))
    }

    /// Timestamps between the last right one and the next, for the undecided ones.
    private func replacements(until next: Int64?) -> [Int64] {
        guard let last else { return [] }
        let count = Int64(suspects.count)
        let share = next.map { $0.subtracting(last) / (count + 1) } ?? step
        return (1...count).map {
            last.adding(max(share, 1).multipliedReportingOverflow(by: $0).partialValue)
        }
    }
}
