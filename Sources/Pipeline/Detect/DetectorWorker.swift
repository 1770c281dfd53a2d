internal import Flow
internal import Scene
internal import Video

/// A due frame on its way to a detector, and back with what was detected.
struct DetectionRequest: ~Copyable, Sendable {
    /// Index of the frame's source.
    let source: Int
    var frame: Frame
    /// Detections, best first; empty on the way to the detector.
    ///
    /// The storage is reused.
    var detections: [Detection]
}

/// A detector on its own thread.
typealias DetectorWorker = RequestWorker<DetectionRequest, DetectionRequest>

extension RequestWorker where Request == DetectionRequest, Response == DetectionRequest {
    /// Starts the thread, which loads its detector; beside an encoder its priority is lower.
    ///
    /// - Throws: `WorkerError` when the system refuses another thread.
    convenience init(
        _ context: DetectionContext, threads: Int, capacity: Int, recorder: StepRecorder
    ) throws(WorkerError) {
        try self.init(
            name: "detect", capacity: capacity,
            prepare: {
                if context.draws { lowerPriority() }
                return try FrameDetector(context, threads: threads)
            },
            respond: { (detector: inout FrameDetector, request) in
                var request = request
                detector.detect(request.frame, recorder: recorder)
                request.detections.removeAll(keepingCapacity: true)
                request.detections.append(contentsOf: detector.detections)
                return request
            })
    }
}
