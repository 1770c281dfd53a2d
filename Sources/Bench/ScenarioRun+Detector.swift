internal import Configuration
internal import Flow
internal import Glibc
internal import Pipeline

extension ScenarioRun {
    /// Measures detector calls on frames in memory: scaling, network, proposals, regions and suppression.
    func measureDetector(
        _ context: DetectionContext, _ watch: SpeedWatch, into outcome: inout BenchOutcome
    ) throws {
        var context = context
        context.isLive = bench.scenario != .offline
        context.draws = false
        if let warning = context.untrainedWarning { outcome.remarks.append(warning) }
        console.info("decoding frames into memory …")
        let frames = try LoadedFrames(description, stop: stop)
        console.info("the detector under \(bench.scenario.rawValue) …")
        let recorder = StepRecorder()
        let times =
            bench.scenario == .offline
            ? try measureOffline(context, frames, recorder, into: &outcome)
            : try measureAnswers(context, frames, recorder, into: &outcome)
        outcome.drift = watch.drift(times, period: frames.count)
        outcome.add(recorder)
        outcome.threads = try choice(context, frames)
    }

    /// Division of the threads, with measurements of both divisions where the scenario allows both.
    private func choice(
        _ context: DetectionContext, _ frames: LoadedFrames
    ) throws -> ThreadChoice {
        guard [.singleStream, .offline].contains(bench.scenario) else {
            return ThreadChoice(threads: context.detectorThreads)
        }
        console.info("both divisions of the threads …")
        return try ThreadChoice.measured(
            context, frames, seconds: min(1, bench.secondsOfRepeat / 4), stop: stop)
    }

    /// Measures frames or queries as they arrive; returns the milliseconds of each inference, in order.
    private func measureAnswers(
        _ context: DetectionContext, _ frames: LoadedFrames, _ recorder: StepRecorder,
        into outcome: inout BenchOutcome
    ) throws -> [Double] {
        let start = MonotonicClock.system.now
        var detector = try FrameDetector(context)
        let built = MonotonicClock.system.now
        frames.detect(with: &detector, at: 0, StepRecorder())
        let cold = MonotonicClock.system.now - built
        warmUp { frames.detect(with: &detector, at: $0, StepRecorder()) }
        let processor = clock()
        let seconds = bench.secondsOfRepeat * Double(bench.repeats)
        let runs = showingProgress(seconds: seconds) {
            (0..<bench.repeats).map { _ in
                repeatOnce { frames.detect(with: &detector, at: $0, recorder) }
            }
        }
        let spent = Double(clock() - processor) / 1e3
        outcome.numbers += [
            ("detector_build_ms", Double(built - start) / 1e6),
            ("detector_cold_first_frame_ms", Double(cold) / 1e6),
        ]
        outcome.add(runs, bench, processorMilliseconds: spent)
        return runs.flatMap { $0.services.map { Double($0) / 1e6 } }
    }

    private func warmUp(_ detect: (Int) -> Void) {
        for index in 0..<10 { detect(index) }
        _ = generator.backToBack(seconds: bench.warmup, answer: detect)
    }

    private func repeatOnce(_ detect: (Int) -> Void) -> LoadGenerator.Outcome {
        let seconds = bench.secondsOfRepeat
        return switch bench.scenario {
        case .live: generator.live(seconds: seconds, rate: bench.rate, answer: detect)
        case .multiStream:
            generator.backToBack(
                seconds: seconds, samplesPerQuery: bench.streams, answer: detect)
        default: generator.backToBack(seconds: seconds, answer: detect)
        }
    }

    /// Measures as many frames as the time allows, all at once, shared by several detectors.
    ///
    /// Returns the milliseconds of each inference, in order.
    private func measureOffline(
        _ context: DetectionContext, _ frames: LoadedFrames, _ recorder: StepRecorder,
        into outcome: inout BenchOutcome
    ) throws -> [Double] {
        let workers = try OfflineWorkers(context, frames, recorder)
        let cold = try workers.run(count: 32)
        outcome.numbers.append(("offline_cold_batch_ms", cold.seconds * 1e3))
        let rate = try workers.run(count: 32).callsPerSecond
        let count = max(32, Int(bench.secondsOfRepeat * rate))
        let processor = clock()
        var batches: [OfflineWorkers.Batch] = []
        for _ in 0..<bench.repeats where !stop.isRequested {
            batches.append(try workers.run(count: count))
        }
        let spent = Double(clock() - processor) / 1e3
        let rates = batches.map(\.callsPerSecond)
        outcome.metrics.append(
            BenchMetric(
                "detector_calls_per_s", rates.isEmpty ? [0] : rates, isLowerBetter: false))
        outcome.numbers += [
            ("detector_calls", Double(count * rates.count)),
            ("detector_processor_ms", spent / Double(max(1, count * rates.count))),
        ]
        return batches.flatMap(\.milliseconds)
    }

    /// Measures decoding, detection and tracking from the file; nothing is written.
    func measurePipeline(into outcome: inout BenchOutcome) throws {
        console.info("the pipeline: decoding, detection and tracking …")
        var description = description
        description.output.video = false
        description.output.path = nil
        var rates: [Double] = []
        var factors: [Double] = []
        for _ in 0..<bench.repeats where !stop.isRequested {
            let run = try DetectRun(
                description, console: Console(isQuiet: true, isTerminal: false), stop: stop)
            let report = run.run()
            if let failure = report.failure ?? report.jobs.first?.failure { throw failure }
            guard let job = report.jobs.first, job.wallSeconds > 0 else { continue }
            rates.append(Double(job.counts.detected + job.counts.tracked) / job.wallSeconds)
            factors.append(job.mediaSeconds / job.wallSeconds)
        }
        guard !rates.isEmpty else { return }
        outcome.metrics += [
            BenchMetric("pipeline_frames_per_wall_s", rates, isLowerBetter: false),
            BenchMetric("real_time_factor", factors, isLowerBetter: false),
        ]
    }
}
