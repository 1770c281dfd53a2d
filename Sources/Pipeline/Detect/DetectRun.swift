public import Configuration
public import Flow
internal import Foundation
internal import ThunderNet
internal import Video

/// Run of all jobs of a description, one after another; a failure of one does not stop the others.
public struct DetectRun: Sendable {
    private let description: DetectDescription
    private let jobs: [InputSource]
    private let naming: OutputNaming
    private let context: DetectionContext
    private let console: Console
    private let stop: StopSignal
    /// Durations of each stage, over all jobs.
    public let recorder = StepRecorder()

    /// Finds the sources, loads the model and checks the outputs, so that most errors show before any work.
    ///
    /// - Throws: A ``RunError`` for a description that cannot be run.
    public init(
        _ description: DetectDescription, console: Console, stop: StopSignal
    ) throws(RunError) {
        self.description = description
        self.console = console
        self.stop = stop
        guard !description.input.sources.isEmpty else {
            throw RunError(
                .usage,
                "There is no input: name a video, a folder or a camera, in a pipeline file under input.sources."
            )
        }
        jobs = try Self.jobs(description, stop)
        if description.input.join && jobs.contains(where: \.isImage) {
            throw RunError(.usage, "Images cannot be joined into one recording.")
        }
        naming = try OutputNaming(description, jobs: jobs)
        context = try DetectionContext(description)
        if let warning = context.untrainedWarning { console.info(warning) }
    }

    /// Jobs of all sources, and of all their video streams where those are wanted.
    private static func jobs(
        _ description: DetectDescription, _ stop: StopSignal
    ) throws(RunError) -> [InputSource] {
        let jobs = try SourceList.expand(description.input.sources)
        switch description.input.videoStream {
        case .automatic: return jobs
        case .number(let number):
            return jobs.map { job in
                var job = job
                job.videoStream = job.isImage ? nil : number
                return job
            }
        case .all: break
        }
        var all: [InputSource] = []
        for job in jobs {
            do throws(VideoError) {
                let count = try VideoReader.videoStreamCount(job.source) { stop.isRequested }
                for number in 1...max(count, 1) {
                    var one = job
                    one.videoStream = number
                    all.append(one)
                }
            } catch {
                throw RunError(error)
            }
        }
        return all
    }

    /// Runs every job and reports it.
    public func run() -> RunReport {
        var reports: [JobReport] = []
        var shared: [String] = []
        if description.input.join, let first = jobs.first {
            reports.append(run(first, parts: jobs.map(\.source), shared: []))
        } else {
            let texts = description.results + CountPaths(description) { $0 }.texts
            shared = jobs.count > 1 ? texts.filter { !OutputNaming.isOwn($0) } : []
            var images: ImageRun?
            for job in jobs where stop.request == .none {
                reports.append(
                    job.isImage
                        ? run(job, with: &images, shared: shared) : run(job, shared: shared))
            }
        }
        let failure = finish(shared)
        return RunReport(
            jobs: reports, notStarted: description.input.join ? 0 : jobs.count - reports.count,
            failure: failure)
    }

    /// Runs one recording or camera.
    private func run(_ job: InputSource, parts: [String]? = nil, shared: [String]) -> JobReport {
        let sources = parts ?? [job.source]
        let video = naming.video(of: job)
        let results = naming.results(of: job)
        let counting = naming.counting(of: job)
        let own = (results + counting.texts).filter { !shared.contains($0) }
        let outputs = (video.map { [$0] } ?? []) + own + counting.heatMaps
        if let skipped = skip(sources, outputs: outputs) { return skipped }
        var context = context
        context.results = results
        context.counting = counting
        context.draws = video != nil
        do throws(RunError) {
            let whole = (video.map { [$0] } ?? []) + counting.heatMaps
            for path in whole { try checkWritable(path, overwrite: description.output.overwrite) }
            try context.writers.open(results)
            try counting.open(in: context.writers)
        } catch {
            context.writers.abandon(own)
            return announce(JobReport(sources: sources, failure: error))
        }
        let job = DetectJob(
            sources: sources, video: video, videoStream: job.videoStream,
            description: description, context: context,
            console: console,
            stop: stop, recorder: recorder)
        var report = job.run()
        report.finishResults(own, in: context.writers)
        if report.failure == nil { report.files += counting.heatMaps }
        return announce(report)
    }

    /// Runs one image; the detector is built for the first image and kept for the others.
    private func run(
        _ job: InputSource, with images: inout ImageRun?, shared: [String]
    ) -> JobReport {
        let output = naming.video(of: job)
        let results = naming.results(of: job)
        let own = results.filter { !shared.contains($0) }
        if let skipped = skip([job.source], outputs: (output.map { [$0] } ?? []) + own) {
            return skipped
        }
        do throws(RunError) {
            if images == nil {
                images = try ImageRun(context, overwrite: description.output.overwrite)
            }
        } catch {
            return announce(JobReport(sources: [job.source], failure: error))
        }
        guard var report = images?.run(job.source, output: output, results: results) else {
            preconditionFailure("the image run was just made")
        }
        report.finishResults(own, in: context.writers)
        return announce(report)
    }

    /// Report of a source that is skipped because its outputs exist; nil for one that is not.
    private func skip(_ sources: [String], outputs: [String]) -> JobReport? {
        guard description.output.skipExisting, !outputs.isEmpty,
            outputs.allSatisfy({ FileManager.default.fileExists(atPath: $0) })
        else { return nil }
        return announce(JobReport(sources: sources, isSkipped: true))
    }

    private func finish(_ shared: [String]) -> RunError? {
        do throws(RunError) {
            try context.writers.finish(shared)
            return nil
        } catch {
            return error
        }
    }

    private func announce(_ report: JobReport) -> JobReport {
        let name =
            report.sources.count == 1 ? redacted(report.sources[0]) : "joined recording"
        if let message = report.failure?.message {
            console.error(message.contains(name) ? message : "\(name): \(message)")
        }
        if report.isSkipped { console.info("\(name): skipped, its output exists") }
        for line in report.closing { console.info(line) }
        return report
    }
}

/// Report of a run.
public struct RunReport: Sendable {
    /// Reports of the sources, in order.
    public let jobs: [JobReport]
    /// Number of sources that were not started because of a stop.
    public internal(set) var notStarted = 0
    /// Error of the run as a whole.
    public let failure: RunError?

    /// The program's exit code.
    public var reason: ExitReason {
        if let failure { return failure.reason }
        let failed = jobs.filter { $0.failure != nil }
        if notStarted > 0 || jobs.contains(where: \.isStopped) { return .interrupted }
        if failed.isEmpty { return .done }
        return jobs.count == 1 ? failed[0].reason : .someFailed
    }

    /// One line for a run of several sources; nil for one.
    public var summary: String? {
        let count = jobs.count + notStarted
        guard count > 1 else { return nil }
        let failed = jobs.count { $0.failure != nil }
        let skipped = jobs.count { $0.isSkipped }
        let damaged = jobs.count { $0.isDamaged || $0.failure?.reason == .damaged }
        let damage = damaged > 0 ? ", \(damaged) damaged" : ""
        let rest = notStarted > 0 ? ", \(notStarted) not started" : ""
        return
            "\(count) sources: \(jobs.count - failed - skipped) done, \(skipped) skipped, \(failed) failed\(damage)\(rest)"
    }
}
