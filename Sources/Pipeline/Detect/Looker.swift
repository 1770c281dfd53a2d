package import Scene
internal import Tensors
internal import ThunderNet
package import Video

/// A detector with the eyes it needs: brings frames to the network's size and leaves out what does not count.
package struct Looker: ~Copyable {
    /// What was seen in the last picture, best first; the storage is reused.
    package private(set) var detections: [Detection] = []
    private var detector: Detector
    private var scaler = Scaler()
    private var whole: [UInt8] = []
    private let ignored: [Region]

    /// Prepares the model of a run.
    ///
    /// - Throws: A ``RunError`` when the model cannot take the asked input size.
    package init(_ settings: AnalyseSettings) throws(RunError) {
        do {
            detector = try Detector(model: settings.model, options: settings.detectorOptions)
        } catch {
            throw RunError(.model, "\(error)")
        }
        ignored = settings.ignored
        detections.reserveCapacity(256)
    }

    /// Looks at a frame of a video: scaled and converted in one step, straight into the network's input.
    mutating func look(at frame: borrowing Frame, _ recorder: StageRecorder) throws(VideoError) {
        try look(at: frame, ignoring: ignored, recorder)
    }

    /// Looks at a frame of a video; nothing counts that lies in these parts of it.
    package mutating func look(
        at frame: borrowing Frame, ignoring ignored: [Region], _ recorder: StageRecorder
    ) throws(VideoError) {
        try recorder.measure(.scale) { () throws(VideoError) in
            try detector.withInputBuffer(pictureWidth: frame.width, pictureHeight: frame.height) {
                (buffer, width, height) throws(VideoError) in
                var canvas = buffer._mutatingExtracting(0..<3 * width * height)
                try scaler.scale(frame, to: .whole(width, height), into: &canvas)
            }
        }
        recorder.measure(.detect) { detector.detectLoaded(into: &detections) }
        detections.remove(
            inside: ignored, pictureWidth: frame.width, pictureHeight: frame.height)
    }

    /// Looks at a still picture exactly as the model's accuracy was measured: whole in RGB first, then resized.
    mutating func lookExactly(at frame: borrowing Frame) throws(VideoError) {
        let count = 3 * frame.width * frame.height
        // The buffers are taken out of `self` for the call, since a span of one bars the other.
        var pixels: [UInt8] = []
        swap(&pixels, &whole)
        defer { swap(&pixels, &whole) }
        if pixels.count != count { pixels = [UInt8](repeating: 0, count: count) }
        try rgb(of: frame, into: &pixels)
        var seen: [Detection] = []
        swap(&seen, &detections)
        detector.detect(
            rgb: pixels.span, width: frame.width, height: frame.height, into: &seen)
        swap(&seen, &detections)
        detections.remove(
            inside: ignored, pictureWidth: frame.width, pictureHeight: frame.height)
    }

    private mutating func rgb(
        of frame: borrowing Frame, into pixels: inout [UInt8]
    ) throws(VideoError) {
        var canvas = pixels.mutableSpan
        try scaler.scale(frame, to: .whole(frame.width, frame.height), into: &canvas)
    }
}

extension Placement {
    /// A canvas that the picture fills.
    fileprivate static func whole(_ width: Int, _ height: Int) -> Placement {
        Placement(
            x: 0, y: 0, width: width, height: height, canvasWidth: width, canvasHeight: height)
    }
}
