internal import Flow
internal import Pipeline

/// Detectors on their own threads that share a batch of frames and time each inference.
final class OfflineWorkers {
    /// Timing of one batch.
    struct Batch {
        /// Milliseconds of each frame, from the start of its inference to its detections.
        ///
        /// Those of several detectors are interleaved, so that they are in the order of time.
        let milliseconds: [Double]
        /// Seconds from the first frame's start to the last frame's detections.
        let seconds: Double

        /// Detector calls per second of wall time.
        var callsPerSecond: Double { seconds > 0 ? Double(milliseconds.count) / seconds : 0 }
    }

    /// Takes a range of frame numbers and returns the milliseconds of each.
    private typealias TimedDetector = RequestWorker<Range<Int>, [Double]>

    private let workers: [TimedDetector]

    init(_ context: DetectionContext, _ frames: LoadedFrames, _ recorder: StepRecorder) throws {
        let threads = context.detectorThreads
        workers = try (0..<threads.detectors).map { _ in
            try TimedDetector(
                name: "offline", capacity: 1,
                prepare: { try FrameDetector(context, threads: threads.threadsEach) },
                respond: { (detector: inout FrameDetector, range) in
                    range.map { index in
                        let start = MonotonicClock.system.now
                        frames.detect(with: &detector, at: index, recorder)
                        return Double(MonotonicClock.system.now - start) / 1e6
                    }
                })
        }
    }

    /// Detects in `count` frames, shared evenly, and returns when all are done.
    ///
    /// - Throws: The error that ended a detector's thread.
    @discardableResult
    func run(count: Int) throws -> Batch {
        let start = MonotonicClock.system.now
        for (index, worker) in workers.enumerated() {
            let first = count * index / workers.count
            worker.send(first..<count * (index + 1) / workers.count)
        }
        let times = try workers.map { try $0.receive() }
        let seconds = Double(MonotonicClock.system.now - start) / 1e9
        let longest = times.map(\.count).max() ?? 0
        let inOrder = (0..<longest).flatMap { index in
            times.compactMap { index < $0.count ? $0[index] : nil }
        }
        return Batch(milliseconds: inOrder, seconds: seconds)
    }
}
