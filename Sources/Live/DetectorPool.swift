internal import Flow
internal import Pipeline
internal import Scene
internal import Video

/// Detectors shared by all cameras, one per thread, fed by a fair scheduler.
struct DetectorPool: Sendable {
    private let workers: [Worker<Void, RunError>]

    /// Starts detectors; events that their detections cause go to `eventLog`.
    init(
        _ count: Int, cameras: [Camera], scheduler: FairScheduler<PendingFrame>, eventLog: EventLog
    ) throws(WorkerError) {
        var workers: [Worker<Void, RunError>] = []
        do throws(WorkerError) {
            for number in 0..<count {
                workers.append(
                    try Worker<Void, RunError>(name: "detect-\(number + 1)") {
                        () throws(RunError) in
                        try Self.run(number, cameras, scheduler, eventLog)
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
        _ = try DetectorCache(cameras.map(\.settings))
    }

    /// Waits until all threads have ended; close the scheduler first.
    func join() throws(RunError) {
        for worker in workers { try worker.join() }
    }

    /// Body of one detector's thread: runs until the scheduler is closed.
    private static func run(
        _ number: Int, _ cameras: [Camera], _ scheduler: FairScheduler<PendingFrame>,
        _ eventLog: EventLog
    ) throws(RunError) {
        let detectors = try DetectorCache(cameras.map(\.settings))
        while let taken = scheduler.take(number) {
            let camera = cameras[taken.source]
            let detections = detectors.detect(in: taken.element.frame, of: camera)
            finish(detections, in: taken.element, of: camera, eventLog)
        }
    }

    private static func finish(
        _ detections: [Detection], in pending: borrowing PendingFrame, of camera: Camera,
        _ eventLog: EventLog
    ) {
        let start = MonotonicClock.system.now
        guard let events = camera.update(with: detections, in: pending) else {
            return camera.ledger.countDropped(.connectionLost)
        }
        camera.recorder.record(.track, MonotonicClock.system.now - start)
        camera.ledger.countDetected()
        let arrival = pending.frame.arrival
        let now = MonotonicClock.system.now
        camera.detectionLatency.withLock { $0.record(now > arrival ? now - arrival : 0) }
        for event in events { eventLog.post(event, of: camera, in: pending.frame) }
    }
}

/// Detectors of one thread, one for each distinct set of detector settings among the cameras.
private final class DetectorCache {
    private final class Entry {
        var detector: FrameDetector

        init(_ settings: DetectionContext) throws(RunError) {
            detector = try FrameDetector(settings)
        }
    }

    private var entries: [DetectionContext.DetectorKey: Entry] = [:]

    init(_ settings: [DetectionContext]) throws(RunError) {
        for settings in settings where entries[settings.detectorKey] == nil {
            entries[settings.detectorKey] = try Entry(settings)
        }
    }

    /// Detections in a frame, without those that the camera discards.
    func detect(in frame: borrowing Frame, of camera: Camera) -> [Detection] {
        guard let entry = entries[camera.settings.detectorKey] else {
            preconditionFailure("a detector was asked for settings that it was not built for")
        }
        entry.detector.detect(
            frame, filter: camera.settings.filter, recorder: camera.recorder)
        return entry.detector.detections
    }
}
