internal import Foundation

/// Writer of `train.csv`, with one row per step and per evaluation, and of the progress lines.
struct RunTable {
    /// Steps per progress line.
    private static let linesEvery = 25

    private let url: URL
    private let names: TaskNames
    private var pending: [String] = []
    /// Losses since the last progress line.
    private var sums: [[Double]] = []

    init(_ url: URL, _ names: TaskNames) {
        self.url = url
        self.names = names
    }

    private var header: String {
        (["batch", "epoch", "pictures", "seconds", "rate"] + names.losses + ["norm", "done"]
            + names.figures).joined(separator: ",")
    }

    /// Creates a new file.
    func begin() throws { try write(header + "\n") }

    /// Keeps the rows up to a batch and drops later ones, which a resumed run writes again.
    func resume(after batches: Int) throws {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return try begin() }
        let rows = text.split(separator: "\n").filter { row in
            let number = row.split(separator: ",").first.flatMap { Int($0) }
            return number.map { $0 <= batches } ?? (row == header)
        }
        try write(rows.joined(separator: "\n") + "\n")
    }

    mutating func append(
        _ report: StepReport, rate: Double, _ state: RunState, epoch: Double
    ) throws {
        let losses = report.losses
        sums.append(losses)
        let numbers = ([rate] + losses + [report.norm]).map { $0.short }
        pending.append(
            "\(state.place(epoch)),\(numbers.joined(separator: ",")),\(report.isDone ? 1 : 0),,")
        if pending.count >= Self.linesEvery { try flush() }
    }

    mutating func append(
        _ evaluated: RunState.Evaluated, _ state: RunState, epoch: Double
    ) throws {
        let numbers = [evaluated.figure, evaluated.secondFigure].map { $0.short }
        // The rate, the losses, the norm and the mark of a step stay empty.
        let gap = String(repeating: ",", count: names.losses.count + 4)
        pending.append("\(state.place(epoch))\(gap)\(numbers.joined(separator: ","))")
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
        let losses = names.losses.indices.map { place in
            (sums.reduce(0) { $0 + $1[place] } / Double(sums.count)).fixed(3)
        }.joined(separator: " ")
        let skipped = state.skipped > 0 ? ", \(state.skipped) steps skipped" : ""
        return "\((100 * progress).fixed(1)) %, \(state.pictures) images, "
            + "\(clock.rate(state).fixed(1)) per second, "
            + "\((state.processorSeconds / 3600).fixed(2)) CPU hours, "
            + "\(clock.timeLeft(progress)) left, \(names.losses.count > 1 ? "losses" : "loss") \(losses)\(skipped)"
    }
}

extension RunState {
    fileprivate func place(_ epoch: Double) -> String {
        "\(batches),\(epoch.fixed(3)),\(pictures),\(seconds.fixed(1))"
    }
}

extension RunState.Evaluated {
    /// Text of the result.
    func line(_ names: TaskNames, epoch: Double, isBest: Bool) -> String {
        "epoch \(epoch.fixed(2)): \(names.figures[0]) \(figure.fixed(4)), \(names.figures[1]) "
            + "\(secondFigure.fixed(4))\(isBest ? ", best so far" : "")"
    }
}

extension Double {
    /// Formats with a number of digits after the point.
    func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }

    /// Formats with six significant digits.
    fileprivate var short: String { String(format: "%.6g", self) }
}
