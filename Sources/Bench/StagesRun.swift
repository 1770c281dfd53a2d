public import Configuration
public import Flow
internal import Foundation
internal import Glibc
public import Pipeline
internal import Video

/// The scenario `stages`: this machine on a recording in three passes: decoding alone, decoding with detection and
/// tracking, and the whole pipeline with drawing and encoding.
public struct StagesRun: Sendable {
    private let bench: BenchDescription
    private let console: Console
    private let stop: StopSignal
    private let command: [String]

    /// Prepares the passes over the description's source.
    ///
    /// `command` is the command line, for the report.
    public init(
        _ bench: BenchDescription, command: [String] = [], console: Console, stop: StopSignal
    ) {
        self.command = command
        var bench = bench
        bench.run.results = []
        bench.run.isQuiet = true
        bench.run.output.overwrite = true
        bench.run.output.skipExisting = false
        self.bench = bench
        self.console = console
        self.stop = stop
    }

    /// Runs the passes.
    ///
    /// - Throws: A `RunError` when the source cannot be read or a pass fails.
    public func run() throws(RunError) -> StagesReport {
        let description = bench.run
        let conditions = BenchConditions(description, command: command)
        var context = try DetectionContext(description)
        context.isLive = SourceList.isLive(description.input.sources[0])
        if let warning = context.untrainedWarning { console.info(warning) }
        let accuracy = try AccuracyMeasurement(bench, context.model)
        let watch = SpeedWatch(description.model.environment, threads: conditions.threads)
        let (passes, recorder) = try measure()
        var report = StagesReport(
            source: redacted(description.input.sources[0]), model: description.model.name,
            cores: conditions.cores, passes: passes,
            stages: PipelineStep.allCases.map { ($0, recorder[$0]) },
            detectors: context.detectorThreads.detectors, conditions: conditions,
            comparison: try comparison(with: passes.map(\.metric), conditions))
        report.drift = watch.drift([])
        report.threads = threads(context, passes[1], passes[2])
        report.accuracy = try accuracy.measure(console, stop)
        return report
    }

    /// Runs the three passes; returns them with the recorder of the last.
    private func measure() throws(RunError) -> ([StagesReport.Pass], StepRecorder) {
        console.info("decoding alone …")
        let decoding = try decode()
        console.info("decoding, detection and tracking …")
        let detecting = try pass("detect", video: nil)
        console.info("the whole pipeline …")
        let folder = try Self.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let whole = try pass(StagesReport.Pass.whole, video: folder + "/bench.mp4")
        return ([decoding, detecting.pass, whole.pass], whole.recorder)
    }

    /// A folder of our own for the encoded file: others may write to the one for temporary files.
    private static func temporaryFolder() throws(RunError) -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("thunderline-bench-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
            return folder
        } catch {
            throw RunError("Making the folder \(folder)", writing: error)
        }
    }

    /// Division of the detector's threads in both passes with one; only one of them has an encoder beside it.
    private func threads(
        _ context: DetectionContext, _ detecting: StagesReport.Pass, _ whole: StagesReport.Pass
    ) -> [(pass: StagesReport.Pass, choice: ThreadChoice)] {
        [(detecting, false), (whole, true)].map { pass, draws in
            var context = context
            context.draws = draws
            return (pass, ThreadChoice(threads: context.detectorThreads))
        }
    }

    private func comparison(
        with metrics: [BenchMetric], _ conditions: BenchConditions
    ) throws(RunError) -> BenchComparison? {
        guard let path = bench.compare else { return nil }
        return try BenchComparison(
            metrics, conditions, with: try TextInput.read(path), named: path)
    }

    private func decode() throws(RunError) -> StagesReport.Pass {
        let stopwatch = Stopwatch()
        var frames = 0
        do throws(VideoError) {
            var options = ReaderOptions()
            options.start = bench.run.input.start
            options.duration = bench.run.input.duration
            var reader = try VideoReader(bench.run.input.sources[0], options: options)
            while let item = try reader.next() {
                if item.isFrame { frames += 1 }
                if stop.isRequested { throw VideoError(.stopped, "Stopped.") }
            }
        } catch {
            throw RunError(error)
        }
        return stopwatch.pass("decode alone", frames: frames)
    }

    private func pass(
        _ name: String, video: String?
    ) throws(RunError) -> (pass: StagesReport.Pass, recorder: StepRecorder) {
        var description = bench.run
        description.output.video = video != nil
        description.output.path = video
        let run = try DetectRun(
            description, console: Console(isQuiet: true, isTerminal: false), stop: stop)
        let stopwatch = Stopwatch()
        let report = run.run()
        if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
        if let failure = report.failure ?? report.jobs.first?.failure { throw failure }
        let counts = report.jobs.first?.counts ?? FrameCounts()
        return (
            stopwatch.pass(name, frames: counts.detected + counts.tracked), run.recorder
        )
    }
}

/// Wall and processor time of a pass.
private struct Stopwatch {
    private let wall = MonotonicClock.system.now
    private let processor = clock()

    func pass(_ name: String, frames: Int) -> StagesReport.Pass {
        StagesReport.Pass(
            name: name, frames: frames,
            wallSeconds: Double(MonotonicClock.system.now - wall) / 1e9,
            processorSeconds: Double(clock() - processor) / 1e6)
    }
}
