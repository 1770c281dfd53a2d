internal import Flow
package import Scene
internal import ThunderNet
package import Video

/// A detector together with the scaling of its input and the filter of its detections.
package struct FrameDetector: ~Copyable {
    /// Detections of the last frame, best first; the storage is reused.
    package private(set) var detections: [Detection] = []
    private var detector: Detector
    private var scaler = Scaler()
    private var whole: [UInt8] = []
    private let limits: DetectionLimits

    /// Prepares the model of a run.
    ///
    /// - Parameters:
    ///   - context: Model, input size, classes and filter.
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
        limits = context.limits
        detections.reserveCapacity(256)
    }

    /// Detects in a frame of a video, whose planes become the network's input in one pass.
    ///
    /// - Parameters:
    ///   - frame: The frame; it is only read.
    ///   - other: Detections to discard; nil for those of the context.
    ///   - recorder: Receives the durations of scaling, inference and its steps.
    package mutating func detect(
        _ frame: borrowing Frame, limits other: DetectionLimits? = nil, recorder: StepRecorder
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
        (other ?? limits).apply(to: &detections, of: frame)
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
        limits.apply(to: &detections, of: frame)
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

/// Detections that are discarded: those in ignored regions, and those that are too small or too large.
package struct DetectionLimits: Sendable {
    let regions: [Region]
    let sizes: SizeLimits

    func apply(to detections: inout [Detection], of frame: borrowing Frame) {
        let (width, height) = (frame.width, frame.height)
        detections.remove(inside: regions, frameWidth: width, frameHeight: height)
        detections.remove(outside: sizes, frameWidth: width, frameHeight: height)
    }
}

extension DetectionContext {
    /// Detections of this context that are discarded.
    package var limits: DetectionLimits { DetectionLimits(regions: ignored, sizes: sizes) }
}
