internal import Flow
package import Scene
internal import ThunderNet
package import Video

/// A detector together with the scaling of its input and the filter for ignored regions.
package struct FrameDetector: ~Copyable {
    /// Detections of the last frame, best first; the storage is reused.
    package private(set) var detections: [Detection] = []
    private var detector: Detector
    private var scaler = Scaler()
    private var whole: [UInt8] = []
    private let ignored: [Region]

    /// Prepares the model of a run.
    ///
    /// - Parameters:
    ///   - context: Model, input size, classes and ignored regions.
    ///   - threads: Threads that share one frame; nil for all threads of the context.
    /// - Throws: A ``RunError`` when the model cannot take the asked input size.
    package init(_ context: DetectionContext, threads: Int? = nil) throws(RunError) {
        var options = context.detectorOptions
        options.threads = threads ?? options.threads
        do {
            detector = try Detector(model: context.model, options: options)
        } catch {
            throw RunError(.model, "\(error)")
        }
        FreedMemory.giveBack()
        ignored = context.ignored
        detections.reserveCapacity(256)
    }

    /// Detects in a frame of a video, whose planes become the network's input in one pass.
    ///
    /// - Parameters:
    ///   - frame: The frame; it is only read.
    ///   - regions: Parts of the frame whose detections are discarded; nil for those of the context.
    ///   - recorder: Receives the durations of scaling, inference and its steps.
    package mutating func detect(
        _ frame: borrowing Frame, ignoring regions: [Region]? = nil, recorder: StepRecorder
    ) {
        recorder.measure(.scale) { frame.withPicture { detector.load($0) } }
        recorder.measure(.detect) {
            var last = MonotonicClock.system.now
            detector.detectLoaded(into: &detections) { step in
                let now = MonotonicClock.system.now
                recorder.record(step, now - last)
                last = now
            }
        }
        detections.remove(
            inside: regions ?? ignored, frameWidth: frame.width, frameHeight: frame.height)
    }

    /// Detects in a still image as the model's accuracy was measured: converted to RGB first, then resized.
    package mutating func detectImage(_ frame: borrowing Frame) throws(VideoError) {
        // The buffers are moved out of `self` for the call, which would access `self` twice otherwise.
        var pixels: [UInt8] = []
        swap(&pixels, &whole)
        defer { swap(&pixels, &whole) }
        try scaler.whole(frame, into: &pixels)
        var found: [Detection] = []
        swap(&found, &detections)
        detector.detect(
            rgb: pixels.span, width: frame.width, height: frame.height, into: &found)
        swap(&found, &detections)
        detections.remove(
            inside: ignored, frameWidth: frame.width, frameHeight: frame.height)
    }
}

extension Scaler {
    /// Converts a whole frame to 8-bit RGB; `pixels` is resized to 3 × width × height.
    package mutating func whole(_ frame: borrowing Frame, into pixels: inout [UInt8])
        throws(VideoError)
    {
        let count = 3 * frame.width * frame.height
        if pixels.count != count { pixels = [UInt8](repeating: 0, count: count) }
        var canvas = pixels.mutableSpan
        try scale(
            frame, to: .stretch(canvasWidth: frame.width, canvasHeight: frame.height), into: &canvas
        )
    }
}
