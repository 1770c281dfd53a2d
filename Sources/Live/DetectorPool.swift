internal import Flow
internal import Pipeline
internal import Scene
internal import Video

/// The detectors that all cameras share: each on a thread of its own, each serving whose turn it is.
struct DetectorPool: Sendable {
    private let workers: [Worker<Void, RunError>]

    /// Starts so many detectors; what they find happens at `desk`.
    init(
        _ count: Int, cameras: [Camera], board: FairScheduler<PendingFrame>, desk: EventLog
    ) throws(WorkerError) {
        var workers: [Worker<Void, RunError>] = []
        do throws(WorkerError) {
            for number in 0..<count {
                workers.append(
                    try Worker<Void, RunError>(name: "detect-\(number + 1)") {
                        () throws(RunError) in
                        try Self.work(number, cameras, board, desk)
                    })
            }
        } catch {
            // Those that were started would never go home.
            board.close()
            throw error
        }
        self.workers = workers
    }

    /// Tries whether a detector can look as all cameras want it, which shows only when its network is built.
    ///
    /// - Throws: What a detector's thread would throw.
    static func check(_ cameras: [Camera]) throws(RunError) {
        _ = try DetectorCache(cameras.map(\.settings))
    }

    /// Waits until all have gone home, after the board was closed.
    func join() throws(RunError) {
        for worker in workers { try worker.join() }
    }

    /// What one detector's thread does until the board is closed.
    private static func work(
        _ number: Int, _ cameras: [Camera], _ board: FairScheduler<PendingFrame>, _ desk: EventLog
    ) throws(RunError) {
        let detectors = try DetectorCache(cameras.map(\.settings))
        while let taken = board.take(number) {
            let camera = cameras[taken.seat]
            let detections = detectors.look(at: taken.element.frame, for: camera)
            finish(detections, of: taken.element, camera, desk)
        }
    }

    private static func finish(
        _ detections: [Detection], of sight: borrowing PendingFrame, _ camera: Camera,
        _ desk: EventLog
    ) {
        let start = MonotonicClock.system.now
        guard let events = camera.absorb(detections, of: sight) else {
            return camera.ledger.countDropped(.connectionLost)
        }
        camera.recorder.record(.track, MonotonicClock.system.now - start)
        camera.ledger.countDetected()
        let arrival = sight.frame.arrival
        let now = MonotonicClock.system.now
        camera.answerTimes.withLock { $0.record(now > arrival ? now - arrival : 0) }
        for event in events { desk.post(event, of: camera, in: sight.frame) }
    }
}

/// The lookers of one detector's thread: one for each way in which cameras want to be looked at.
private final class DetectorCache {
    private final class Place {
        var detector: FrameDetector

        init(_ settings: DetectionContext) throws(RunError) {
            detector = try FrameDetector(settings)
        }
    }

    private var places: [DetectionContext.DetectorKey: Place] = [:]

    init(_ settings: [DetectionContext]) throws(RunError) {
        for settings in settings where places[settings.detectorKey] == nil {
            places[settings.detectorKey] = try Place(settings)
        }
    }

    /// What is seen in a picture, less what lies where nothing counts.
    func look(at frame: borrowing Frame, for camera: Camera) -> [Detection] {
        guard let place = places[camera.settings.detectorKey] else {
            preconditionFailure("a camera came that this detector was not told of")
        }
        place.detector.detect(
            frame, ignoring: camera.settings.ignored, recorder: camera.recorder)
        return place.detector.detections
    }
}
