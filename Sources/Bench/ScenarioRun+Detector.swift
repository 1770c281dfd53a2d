internal import Configuration
internal import Flow
internal import Glibc
internal import Pipeline

extension ScenarioRun {
    /// Detector calls on pictures in memory: scaling, network, proposals, regions and suppression.
    func measureDetector(
        _ settings: DetectionContext, _ watch: SpeedWatch, into outcome: inout BenchOutcome
    ) throws {
        var settings = settings
        settings.isLive = bench.scenario != .offline
        settings.draws = false
        if let notice = settings.untrainedNotice { outcome.remarks.append(notice) }
        console.info("decoding pictures into memory …")
        let frames = try LoadedFrames(description, stop: stop)
        console.info("the detector, \(bench.scenario.rawValue) …")
        let recorder = StageRecorder()
        let times =
            bench.scenario == .offline
            ? try measureOffline(settings, frames, recorder, into: &outcome)
            : try measureAnswers(settings, frames, recorder, into: &outcome)
        outcome.drift = watch.drift(times, period: frames.count)
        outcome.adopt(recorder)
        outcome.threads = try choice(settings, frames)
    }

    /// How the threads were spent, and what both ways give where a scenario has room for both.
    private func choice(
        _ settings: DetectionContext, _ frames: LoadedFrames
    ) throws -> ThreadChoice {
        guard [.singleStream, .offline].contains(bench.scenario) else {
            return ThreadChoice(threads: settings.detectorThreads)
        }
        console.info("both ways to spend the threads …")
        return try ThreadChoice.measured(
            settings, frames, seconds: min(1, bench.secondsOfRepeat / 4), stop: stop)
    }

    /// Pictures or queries as they come; returns the time of the work on each, in order.
    private func measureAnswers(
        _ settings: DetectionContext, _ frames: LoadedFrames, _ recorder: StageRecorder,
        into outcome: inout BenchOutcome
    ) throws -> [Double] {
        let start = MonotonicClock.system.now
        var detector = try FrameDetector(settings)
        let built = MonotonicClock.system.now
        frames.detect(with: &detector, at: 0, StageRecorder())
        let cold = MonotonicClock.system.now - built
        warmUp { frames.detect(with: &detector, at: $0, StageRecorder()) }
        let processor = clock()
        let runs = (0..<bench.repeats).map { _ in
            repeatOnce { frames.detect(with: &detector, at: $0, recorder) }
        }
        let spent = Double(clock() - processor) / 1e3
        outcome.numbers += [
            ("detector_build_ms", Double(built - start) / 1e6),
            ("detector_cold_first_frame_ms", Double(cold) / 1e6),
        ]
        outcome.adopt(runs, bench, processorMilliseconds: spent)
        return runs.flatMap { $0.services.map { Double($0) / 1e6 } }
    }

    private func warmUp(_ look: (Int) -> Void) {
        for index in 0..<10 { look(index) }
        _ = generator.backToBack(seconds: bench.warmup, answer: look)
    }

    private func repeatOnce(_ look: (Int) -> Void) -> LoadGenerator.Outcome {
        let seconds = bench.secondsOfRepeat
        return switch bench.scenario {
        case .live: generator.live(seconds: seconds, rate: bench.rate, answer: look)
        case .multiStream:
            generator.backToBack(
                seconds: seconds, samplesPerQuery: bench.streams, answer: look)
        default: generator.backToBack(seconds: seconds, answer: look)
        }
    }

    /// Everything at once: as many pictures as the time allows, shared by detectors side by side; returns the time of
    /// the work on each, in order.
    private func measureOffline(
        _ settings: DetectionContext, _ frames: LoadedFrames, _ recorder: StageRecorder,
        into outcome: inout BenchOutcome
    ) throws -> [Double] {
        let crew = try OfflineWorkers(settings, frames, recorder)
        let cold = try crew.run(count: 32)
        outcome.numbers.append(("offline_cold_batch_ms", cold.seconds * 1e3))
        let pace = try crew.run(count: 32).callsPerSecond
        let count = max(32, Int(bench.secondsOfRepeat * pace))
        let processor = clock()
        var turns: [OfflineWorkers.Batch] = []
        for _ in 0..<bench.repeats where !stop.isRequested {
            turns.append(try crew.run(count: count))
        }
        let spent = Double(clock() - processor) / 1e3
        let rates = turns.map(\.callsPerSecond)
        outcome.metrics.append(
            BenchMetric(
                "detector_calls_per_s", rates.isEmpty ? [0] : rates, isLowerBetter: false))
        outcome.numbers += [
            ("detector_calls", Double(count * rates.count)),
            ("detector_processor_ms", spent / Double(max(1, count * rates.count))),
        ]
        return turns.flatMap(\.milliseconds)
    }

    /// Decoding, detecting and tracking from the file, nothing written.
    func measurePipeline(into outcome: inout BenchOutcome) throws {
        console.info("the pipeline: decoding, detecting and tracking …")
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
