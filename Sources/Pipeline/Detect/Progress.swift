internal import Flow
internal import Video

/// Says how far a line has come: a bar on a terminal, a line every ten seconds elsewhere.
struct Progress: Sendable {
    let console: Console
    let state: PipelineState
    let label: String
    /// Seconds that are left out at the start of the recording.
    let skipped: Double
    /// Seconds that will be processed; nil when nobody knows.
    let total: @Sendable () -> Double?

    private static let barInterval: UInt64 = 200_000_000
    private static let lineInterval: UInt64 = 10_000_000_000

    /// Reports until `isOver` and the parker is woken; runs on a thread of its own.
    func run(until parker: Parker, isOver: @Sendable () -> Bool) {
        let interval = console.isTerminal ? Self.barInterval : Self.lineInterval
        let clock = MonotonicClock.system
        let start = clock.now
        while !parker.wait(deadline: clock.now + interval, until: isOver) {
            let line = text(after: Double(clock.now - start) / 1e9)
            console.isTerminal ? console.progress(line) : console.info(line)
        }
    }

    /// One line: share, frames, frames analysed a second of wall time, time left.
    func text(after elapsed: Double) -> String {
        let counts = state.ledger.counts
        let analysed = counts.detected + counts.tracked
        let rate = elapsed > 0 ? Double(analysed) / elapsed : 0
        let head =
            "\(label)  \(pluralized(analysed, "frame", "frames"))  \(DecimalText.text(rate, decimals: 1)) analysed/s"
        let position = state.position - skipped
        guard let total = total(), total > 0, position > 0 else { return head }
        let share = min(1, position / total)
        let left = elapsed / share - elapsed
        return
            "\(bar(share)) \(DecimalText.text(share * 100, decimals: 0)) %  \(head)  \(clockText(left)) left"
    }

    private func bar(_ share: Double) -> String {
        let cells = 20
        let full = Int(share * Double(cells))
        return "[" + String(repeating: "#", count: full)
            + String(repeating: "-", count: cells - full) + "]"
    }

    private func clockText(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 359_999).rounded())
        let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        let head = whole >= 3600 ? "\(whole / 3600):\(pad(whole / 60 % 60))" : "\(whole / 60)"
        return "\(head):\(pad(whole % 60))"
    }
}
