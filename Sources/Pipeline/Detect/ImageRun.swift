internal import Configuration
internal import Flow
internal import Overlay
internal import Scene
internal import Video

/// Detection on still images, each drawn on and written as an image; nothing is tracked between them.
final class ImageRun {
    private let context: DetectionContext
    private let overwrite: Bool
    private var detector: FrameDetector
    /// Created for the first image that is written, since results alone need no font.
    private var overlay: OverlayRenderer?

    init(_ context: DetectionContext, overwrite: Bool) throws(RunError) {
        detector = try FrameDetector(context)
        self.context = context
        self.overwrite = overwrite
    }

    /// Processes one image; `output` has an extension that `ImageFile` supports.
    func run(_ source: String, output: String?, results: [String]) -> JobReport {
        var report = JobReport(sources: [source])
        let start = MonotonicClock.system.now
        do {
            try process(source, output, results, &report)
        } catch let error as VideoError {
            report.failure = RunError(error)
        } catch let error as RunError {
            report.failure = error
        } catch {
            report.failure = RunError(.failed, "\(error)")
        }
        report.wallSeconds = Double(MonotonicClock.system.now - start) / 1e9
        return report
    }

    private func process(
        _ source: String, _ output: String?, _ results: [String], _ report: inout JobReport
    ) throws {
        if let output {
            try checkWritable(output, overwrite: overwrite)
            if overlay == nil { overlay = try context.makeOverlay(showsIdentities: false) }
        }
        try context.writers.open(results)
        var reader = try VideoReader(source)
        guard case .frame(var frame)? = try reader.next() else {
            throw VideoError(.damaged, "Reading \(source): there is no image in it.")
        }
        report.counts.decoded = 1
        try detector.detectImage(frame)
        report.counts.detected = 1
        // As in a recording, nothing begins on a damaged frame.
        let objects = frame.isDamaged ? [] : objects
        report.isDamaged = frame.isDamaged
        let result = FrameResult(
            source: reader.description.name, frame: 0, pts: 0, time: 0, fate: .detected,
            isDamaged: frame.isDamaged, objects: objects)
        try context.writers.write(
            result, PictureSize(width: frame.width, height: frame.height), to: results)
        report.warnings = reader.report.warnings
        guard let output else { return }
        try frame.withMutablePicture { picture in overlay?.draw(objects, on: &picture) }
        try ImageFile.write(frame, to: output, overwrite: overwrite)
        report.files = [output]
    }

    /// Detections above the score of a new track; their identity is 0, since nothing is tracked.
    private var objects: [TrackedObject] {
        let least = context.trackerOptions.startScore
        return detector.detections.filter { $0.score >= least }.map {
            TrackedObject(
                id: 0, classIndex: $0.classIndex, score: $0.score, box: $0.box, isPredicted: false)
        }
    }
}
