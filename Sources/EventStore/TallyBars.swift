public import Foundation

/// Tallies gathered to hours or days of a time zone, by camera and class.
public struct TallyBars {
    /// Bars, by time, camera and class; the time is the begin of the hour or day.
    public private(set) var rows: [Tally] = []

    private struct Key: Hashable {
        let bar: Int
        let camera: String
        let className: String
    }

    /// Gathers tallies in the order of their times.
    ///
    /// - Parameters:
    ///   - tallies: Quarters of an hour.
    ///   - length: Milliseconds of an hour or a day.
    ///   - timeZone: Zone whose hours and days count; a day at a change of the clocks is longer or shorter.
    public init(_ tallies: [Tally], length: Int, _ timeZone: TimeZone) {
        var clock = DayClock(timeZone)
        var indices: [Key: Int] = [:]
        var starts: [Int: Int] = [:]
        for tally in tallies {
            let bar = clock.local(tally.time) / length
            let key = Key(bar: bar, camera: tally.camera, className: tally.className)
            if let index = indices[key] {
                rows[index].objects += tally.objects
                continue
            }
            let start = starts[bar] ?? tally.time - clock.local(tally.time) % length
            starts[bar] = start
            indices[key] = rows.count
            rows.append(tally)
            rows[rows.count - 1].time = start
        }
    }
}
