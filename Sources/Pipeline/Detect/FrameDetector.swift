internal import Flow
package import Scene
internal import ThunderNet
package import Video

/// A detector with the eyes it needs: brings frames to the network's size and leaves out what does not count.
package struct FrameDetector: ~Copyable {
    /// What was seen in the last picture, best first; the storage is reused.
    package private(set) var detections: [Detection] = []
    private var detector: Detector
    private var scaler = Scaler()
    private var whole: [UInt8] = []
    private let ignored: [Region]

    /// Prepares the model of a run.
    ///
    /// - Parameters:
    ///   - settings: Model, input size, classes and ignored parts.
    ///   - threads: Threads that share a picture; nil for all that the settings give.
    /// - Throws: A ``RunError`` when the model cannot take the asked input size.
    package init(_ settings: DetectionContext, threads: Int? = nil) throws(RunError) {
        var options = settings.detectorOptions
        options.threads = threads ?? options.threads
        do {
            detector = try Detector(model: settings.model, options: options)
        } catch {
            throw RunError(.model, "\(error)")
        }
        FreedMemory.giveBack()
        ignored = settings.ignored
        detections.reserveCapacity(256)
    }

    /// Looks at an item's picture; what is no picture is left alone.
    mutating func look(at item: borrowing MediaItem, _ recorder: StageRecorder) {
        switch item {
        case .frame(let frame): look(at: frame, recorder)
        case .packet: break
        }
    }

    /// Looks at a frame of a video: its planes become the network's input in one pass.
    package mutating func look(at frame: borrowing Frame, _ recorder: StageRecorder) {
        look(at: frame, ignoring: ignored, recorder)
    }

    /// Looks at a frame of a video; nothing counts that lies in these parts of it.
    package mutating func look(
        at frame: borrowing Frame, ignoring ignored: [Region], _ recorder: StageRecorder
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
            inside: ignored, frameWidth: frame.width, frameHeight: frame.height)
    }

    /// Looks at a still picture exactly as the model's accuracy was measured: whole in RGB first, then resized.
    package mutating func detectWholeImage(at frame: borrowing Frame) throws(VideoError) {
        // The buffers are taken out of `self` for the call, since a span of one bars the other.
        var pixels: [UInt8] = []
        swap(&pixels, &whole)
        defer { swap(&pixels, &whole) }
        try scaler.whole(frame, into: &pixels)
        var seen: [Detection] = []
        swap(&seen, &detections)
        detector.detect(
            rgb: pixels.span, width: frame.width, height: frame.height, into: &seen)
        swap(&seen, &detections)
        detections.remove(
            inside: ignored, frameWidth: frame.width, frameHeight: frame.height)
    }

}

extension Scaler {
    /// The whole picture in RGB; `pixels` get its size.
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
