internal import Configuration
internal import Flow
internal import Pipeline

/// Division of the detector's threads in a benchmark, its reason, and measurements of both divisions.
struct ThreadChoice: Sendable {
    /// Measurements of one division.
    struct Figure: Sendable {
        let threads: DetectorThreads
        /// Detector calls per second, one value per round.
        let calls: BenchMetric
        /// Milliseconds from the start of an inference to its detections, the median of each round.
        let answer: BenchMetric

        init(threads: DetectorThreads, calls: [Double], answers: [Double]) {
            self.threads = threads
            self.calls = BenchMetric("detector_calls_per_s", calls, isLowerBetter: false)
            answer = BenchMetric("answer_ms", answers, isLowerBetter: true)
        }
    }

    /// The division that was used.
    let threads: DetectorThreads
    /// Measurements of one detector with all threads, and of several detectors; empty where none were made.
    var figures: [Figure] = []

    /// Smallest gain that counts.
    private static let leastGain = 0.05

    /// The report for people, line by line.
    var text: [String] {
        ["threads: \(threads.text), \(threads.reason) (\(threads.purpose.rawValue))"]
            + figures.map { figure in
                "  \(figure.threads.text): ".padded(48)
                    + "\(DecimalText.text(figure.calls.median, decimals: 1)) detector calls/s, "
                    + "\(DecimalText.text(figure.answer.median, decimals: 2)) ms per detection"
            } + [contradiction].compactMap { $0.map { "  warning: \($0)" } }
    }

    /// A warning where the other division was better at its purpose by more than noise; nil otherwise.
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
        return "on this machine \(other.threads.text) would have been better by "
            + "\(DecimalText.text(100 * gain, decimals: 0)) %"
    }

    var json: JSONObject {
        JSONObject { object in
            threads.add(to: &object)
            object.add("reason", threads.reason)
            // Former name, written for one release.
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
        object.add("threads_each", threadsEach)
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
    private static let rounds = 3

    /// Measures both divisions in alternating rounds on frames in memory.
    ///
    /// - Parameters:
    ///   - context: The benchmark's detector, with the division that was used.
    ///   - frames: The frames.
    ///   - seconds: Length of a round.
    ///   - stop: Checked between rounds.
    /// - Returns: The division that was used, with measurements of both unless they are the same.
    /// - Throws: A `RunError` when a detector cannot be built.
    static func measured(
        _ context: DetectionContext, _ frames: LoadedFrames, seconds: Double, stop: StopSignal
    ) throws -> ThreadChoice {
        var choice = ThreadChoice(threads: context.detectorThreads)
        var alone = context
        var together = context
        (alone.isLive, together.isLive) = (true, false)
        guard together.detectorThreads.detectors > 1 else { return choice }
        let detectors = try [alone, together].map {
            try OfflineWorkers($0, frames, StepRecorder())
        }
        var rounds = detectors.map { _ in [OfflineWorkers.Batch]() }
        // The first round warms up, and tells how many frames fill a round of this length.
        let counts = try detectors.map { workers in
            try workers.run(count: 8)
            return max(8, Int(seconds * (try workers.run(count: 8)).callsPerSecond))
        }
        for _ in 0..<Self.rounds where !stop.isRequested {
            for (index, workers) in detectors.enumerated() {
                rounds[index].append(try workers.run(count: counts[index]))
            }
        }
        guard rounds.allSatisfy({ !$0.isEmpty }) else { return choice }
        choice.figures = zip([alone, together], rounds).map { context, batches in
            Figure(
                threads: context.detectorThreads, calls: batches.map(\.callsPerSecond),
                answers: batches.map(\.milliseconds.sortedMedian))
        }
        return choice
    }
}
