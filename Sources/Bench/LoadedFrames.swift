internal import Configuration
internal import Flow
internal import Pipeline
internal import Video

/// Frames of a recording, decoded before the measurement, as MLPerf loads its samples.
final class LoadedFrames: Sendable {
    /// A frame that several detectors read; nothing draws on it.
    private final class Holder: Sendable {
        let frame: Frame
        init(_ frame: consuming Frame) { self.frame = frame }
    }

    private let holders: [Holder]
    /// Seconds of the recording that the frames cover.
    let seconds: Double

    /// Limit of memory in bytes; a 1080p frame takes 3 MB.
    private static let bytes = 128 << 20
    private static let most = 64

    /// Decodes the first frames of a description's source.
    ///
    /// - Throws: A `RunError` when the source cannot be read or has no frame.
    init(_ description: DetectDescription, stop: StopSignal) throws(RunError) {
        var holders: [Holder] = []
        var seconds = 0.0
        do throws(VideoError) {
            var options = ReaderOptions()
            options.start = description.input.start
            options.duration = description.input.duration
            let source = description.input.sources[0]
            var reader = try VideoReader(source, options: options) { stop.isRequested }
            var left = Self.bytes
            while left > 0, holders.count < Self.most, let item = try reader.next() {
                seconds = max(seconds, item.end(in: reader.description))
                switch consume item {
                case .packet: continue
                case .frame(let frame):
                    left -= frame.width * frame.height * 3 / 2
                    holders.append(Holder(frame))
                }
            }
        } catch {
            throw RunError(error)
        }
        guard !holders.isEmpty else {
            throw RunError(.noVideo, "Measuring \(description.input.sources[0]): it has no frame.")
        }
        self.holders = holders
        self.seconds = seconds
    }

    /// Number of frames.
    var count: Int { holders.count }

    /// Runs a detector on the frame with this number, counted modulo ``count``.
    func detect(with detector: inout FrameDetector, at index: Int, _ recorder: StepRecorder) {
        detector.detect(holders[index % holders.count].frame, recorder: recorder)
    }
}
