internal import Flow
internal import Video

/// Progress of a job: a bar on a terminal, a line every ten seconds elsewhere.
struct Progress: Sendable {
    let console: Console
    let state: PipelineState
    let label: String
    /// Seconds that are skipped at the start of the recording.
    let skipped: Double
    /// Seconds that will be processed; nil where that is unknown.
    let total: @Sendable () -> Double?

    /// Nanoseconds between two reports.
    var interval: UInt64 { console.isTerminal ? 200_000_000 : 10_000_000_000 }

    /// Prints one line, as a bar on a terminal.
    func print(after elapsed: Double) {
        let line = text(after: elapsed)
        console.isTerminal ? console.progress(line) : console.info(line)
    }

    /// One line: share, frames, frames analysed per second of wall time, time left.
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
