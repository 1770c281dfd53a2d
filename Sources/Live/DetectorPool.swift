internal import Flow
internal import Pipeline
internal import Scene
internal import Video

/// Detectors shared by all cameras, one per thread, fed by a fair scheduler.
struct DetectorPool: Sendable {
    private let workers: [Worker<Void, RunError>]

    /// Starts detectors; events that their detections cause go to `eventQueue`.
    init(
        _ count: Int, cameras: [Camera], scheduler: FairScheduler<PendingFrame>,
        eventQueue: EventQueue
    ) throws(WorkerError) {
        var workers: [Worker<Void, RunError>] = []
        do throws(WorkerError) {
            for number in 0..<count {
                workers.append(
                    try Worker<Void, RunError>(name: "detect-\(number + 1)") {
                        () throws(RunError) in
                        try Self.run(number, cameras, scheduler, eventQueue)
                    })
            }
        } catch {
            // Ends the threads that were started.
            scheduler.close()
            throw error
        }
        self.workers = workers
    }

    /// Builds the networks that the cameras need, once, so that errors show before the run.
    ///
    /// - Throws: The error that a detector's thread would throw.
    static func check(_ cameras: [Camera]) throws(RunError) {
        _ = try DetectorCache(cameras.map(\.context))
    }

    /// Waits until all threads have ended; close the scheduler first.
    func join() throws(RunError) {
        for worker in workers { try worker.join() }
    }

    /// Body of one detector's thread: runs until the scheduler is closed.
    private static func run(
        _ number: Int, _ cameras: [Camera], _ scheduler: FairScheduler<PendingFrame>,
        _ eventQueue: EventQueue
    ) throws(RunError) {
        let detectors = try DetectorCache(cameras.map(\.context))
        while let taken = scheduler.take(number) {
            let camera = cameras[taken.source]
            let detections = detectors.detect(in: taken.element.frame, of: camera)
            finish(detections, in: taken.element, of: camera, eventQueue)
        }
    }

    private static func finish(
        _ detections: [Detection], in pending: borrowing PendingFrame, of camera: Camera,
        _ eventQueue: EventQueue
    ) {
        let start = MonotonicClock.system.now
        guard let events = camera.update(with: detections, in: pending) else {
            return camera.ledger.countDropped(.connectionLost)
        }
        camera.stepTimes.record(.track, MonotonicClock.system.now - start)
        camera.ledger.countDetected()
        let arrival = pending.frame.arrival
        let now = MonotonicClock.system.now
        camera.detectionLatency.withLock { $0.record(now > arrival ? now - arrival : 0) }
        for event in events { eventQueue.post(event, of: camera, in: pending.frame) }
    }
}

/// Detectors of one thread, one for each distinct set of detector settings among the cameras.
private final class DetectorCache {
    private final class Entry {
        var detector: FrameDetector

        init(_ context: DetectionContext) throws(RunError) {
            detector = try FrameDetector(context)
        }
    }

    private var entries: [DetectionContext.DetectorKey: Entry] = [:]

    init(_ contexts: [DetectionContext]) throws(RunError) {
        for context in contexts where entries[context.detectorKey] == nil {
            entries[context.detectorKey] = try Entry(context)
        }
    }

    /// Detections in a frame, without those that the camera discards.
    func detect(in frame: borrowing Frame, of camera: Camera) -> [Detection] {
        guard let entry = entries[camera.context.detectorKey] else {
            preconditionFailure("a detector was asked for a context that it was not built for")
        }
        entry.detector.detect(
            frame, limits: camera.context.limits, recorder: camera.stepTimes)
        return entry.detector.detections
    }
}
