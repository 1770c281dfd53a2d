internal import Foundation

/// Writer of `train.csv`, with one row per step and per evaluation, and of the progress lines.
struct RunTable {
    /// Steps per progress line.
    private static let linesEvery = 25
    private static let header =
        "batch,epoch,pictures,seconds,rate,objectness,proposals,classes,boxes,norm,done,AP,AP50"

    private let url: URL
    private var pending: [String] = []
    /// Losses since the last progress line.
    private var sums: [StepLosses] = []

    init(_ url: URL) { self.url = url }

    /// Creates a new file.
    func begin() throws { try write(Self.header + "\n") }

    /// Keeps the rows up to a batch and drops later ones, which a resumed run writes again.
    func resume(after batches: Int) throws {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return try begin() }
        let rows = text.split(separator: "\n").filter { row in
            let number = row.split(separator: ",").first.flatMap { Int($0) }
            return number.map { $0 <= batches } ?? (row == Self.header)
        }
        try write(rows.joined(separator: "\n") + "\n")
    }

    mutating func append(
        _ report: StepReport, rate: Double, _ state: RunState, epoch: Double
    ) throws {
        let losses = report.losses
        sums.append(losses)
        let numbers = [
            rate, losses.objectness, losses.proposals, losses.classes, losses.boxes, report.norm,
        ].map { $0.short }
        pending.append(
            "\(state.place(epoch)),\(numbers.joined(separator: ",")),\(report.isDone ? 1 : 0),,")
        if pending.count >= Self.linesEvery { try flush() }
    }

    mutating func append(
        _ evaluated: RunState.Evaluated, _ state: RunState, epoch: Double
    ) throws {
        let numbers = [evaluated.averagePrecision, evaluated.averagePrecision50].map { $0.short }
        pending.append("\(state.place(epoch)),,,,,,,,\(numbers.joined(separator: ","))")
        try flush()
    }

    /// Appends the pending rows to the file.
    mutating func flush() throws {
        guard !pending.isEmpty else { return }
        let text = pending.joined(separator: "\n") + "\n"
        pending.removeAll()
        do {
            let file = try FileHandle(forWritingTo: url)
            defer { try? file.close() }
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw CheckpointError.unwritable(file: url.path, problem: error.localizedDescription)
        }
    }

    private func write(_ text: String) throws {
        try DurableFile.replace(url, with: Array(text.utf8))
    }

    /// Progress line, every ``linesEvery`` steps; nil otherwise.
    mutating func line(_ state: RunState, progress: Double, _ clock: RunClock) -> String? {
        guard sums.count >= Self.linesEvery else { return nil }
        defer { sums.removeAll() }
        func mean(_ part: (StepLosses) -> Double) -> String {
            (sums.reduce(0) { $0 + part($1) } / Double(sums.count)).fixed(3)
        }
        let losses =
            "\(mean(\.objectness)) \(mean(\.proposals)) \(mean(\.classes)) \(mean(\.boxes))"
        let skipped = state.skipped > 0 ? ", \(state.skipped) steps skipped" : ""
        return "\((100 * progress).fixed(1)) %, \(state.pictures) images, "
            + "\(clock.rate(state).fixed(1)) per second, "
            + "\((state.processorSeconds / 3600).fixed(2)) CPU hours, "
            + "\(clock.timeLeft(progress)) left, losses \(losses)\(skipped)"
    }
}

extension RunState {
    fileprivate func place(_ epoch: Double) -> String {
        "\(batches),\(epoch.fixed(3)),\(pictures),\(seconds.fixed(1))"
    }
}

extension RunState.Evaluated {
    /// Text of the result.
    func line(epoch: Double, isBest: Bool) -> String {
        "epoch \(epoch.fixed(2)): AP \(averagePrecision.fixed(4)), AP50 "
            + "\(averagePrecision50.fixed(4))\(isBest ? ", best so far" : "")"
    }
}

extension Double {
    /// Formats with a number of digits after the point.
    func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }

    /// Formats with six significant digits.
    fileprivate var short: String { String(format: "%.6g", self) }
}
