internal import Configuration
internal import Flow
internal import Pipeline

/// How a bench spent the detector's threads and why, with what both ways gave where that was measured.
struct ThreadChoice: Sendable {
    /// What one way of spending them gave.
    struct Figure: Sendable {
        let threads: DetectorThreads
        /// Pictures a second, one value a turn.
        let calls: BenchMetric
        /// From the start of the work on a picture to its answer in milliseconds, the median of each turn.
        let answer: BenchMetric

        init(threads: DetectorThreads, calls: [Double], answers: [Double]) {
            self.threads = threads
            self.calls = BenchMetric("detector_calls_per_s", calls, isLowerBetter: false)
            answer = BenchMetric("answer_ms", answers, isLowerBetter: true)
        }
    }

    /// What was done.
    let threads: DetectorThreads
    /// All threads on each picture, and several detectors side by side; empty where that was not measured.
    var figures: [Figure] = []

    /// Less than this is noise.
    private static let leastGain = 0.05

    /// Lines for people.
    var text: [String] {
        ["threads: \(threads.text), \(threads.reason) (\(threads.purpose.rawValue))"]
            + figures.map { figure in
                "  \(figure.threads.text): ".padded(48)
                    + "\(DecimalText.text(figure.calls.median, decimals: 1)) detector calls/s, "
                    + "\(DecimalText.text(figure.answer.median, decimals: 2)) ms an answer"
            } + [contradiction].compactMap { $0.map { "  careful: \($0)" } }
    }

    /// Says so where the other way was better, beyond noise, at what the threads are spent for.
    var contradiction: String? {
        guard let own = figures.first(where: { $0.threads == threads }),
            let other = figures.first(where: { $0.threads != threads })
        else { return nil }
        let row =
            switch threads.purpose {
            case .throughput: BenchComparison.row(own.calls, other.calls)
            case .latency: BenchComparison.row(own.answer, other.answer)
            }
        let gain = abs(row.new / row.old - 1)
        guard row.verdict == .better, gain > Self.leastGain else { return nil }
        return "here \(other.threads.text) would have been better by "
            + "\(DecimalText.text(100 * gain, decimals: 0)) %"
    }

    var json: JSONObject {
        JSONObject { object in
            threads.add(to: &object)
            object.add("why", threads.reason)
            guard !figures.isEmpty else { return }
            object.add("measured", JSONObject { for figure in figures { figure.add(to: &$0) } })
        }
    }
}

extension DetectorThreads {
    fileprivate func add(to object: inout JSONObject) {
        object.add("purpose", purpose.rawValue)
        object.add("detectors", detectors)
        object.add("threads_each", each)
    }
}

extension ThreadChoice.Figure {
    fileprivate func add(to object: inout JSONObject) {
        object.add(
            threads.purpose.rawValue,
            JSONObject {
                threads.add(to: &$0)
                $0.add(calls.name, calls.median)
                $0.add(answer.name, answer.median)
            })
    }
}

extension ThreadChoice {
    private static let turns = 3

    /// Tries both ways in turn on pictures in memory.
    ///
    /// - Parameters:
    ///   - settings: What the bench measures, with the way that it took.
    ///   - frames: The pictures.
    ///   - seconds: How long a turn of one way is.
    ///   - stop: Asked between turns.
    /// - Returns: The way that was taken, with the figures of both; without figures where both are the same.
    /// - Throws: A ``RunError`` when a detector cannot be made.
    static func measured(
        _ settings: DetectionContext, _ frames: LoadedFrames, seconds: Double, stop: StopSignal
    ) throws -> ThreadChoice {
        var choice = ThreadChoice(threads: settings.detectorThreads)
        var alone = settings
        var together = settings
        (alone.isLive, together.isLive) = (true, false)
        guard together.detectorThreads.detectors > 1 else { return choice }
        let crews = try [alone, together].map { try OfflineWorkers($0, frames, StageRecorder()) }
        var turns = crews.map { _ in [OfflineWorkers.Batch]() }
        // The first turn warms up, and says how many pictures a turn of this length takes.
        let counts = try crews.map { crew in
            try crew.run(count: 8)
            return max(8, Int(seconds * (try crew.run(count: 8)).callsPerSecond))
        }
        for _ in 0..<Self.turns where !stop.isRequested {
            for (place, crew) in crews.enumerated() {
                turns[place].append(try crew.run(count: counts[place]))
            }
        }
        guard turns.allSatisfy({ !$0.isEmpty }) else { return choice }
        choice.figures = zip([alone, together], turns).map { settings, turns in
            Figure(
                threads: settings.detectorThreads, calls: turns.map(\.callsPerSecond),
                answers: turns.map(\.milliseconds.sortedMedian))
        }
        return choice
    }
}
