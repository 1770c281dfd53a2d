internal import Configuration
internal import Flow
internal import Pipeline
internal import Video

/// Pictures of a recording, decoded before anything is timed, as MLPerf loads its samples.
final class LoadedFrames: Sendable {
    /// A picture that several detectors look at; nobody draws on it.
    private final class Holder: Sendable {
        let frame: Frame
        init(_ frame: consuming Frame) { self.frame = frame }
    }

    private let holders: [Holder]
    /// Seconds of the recording that the pictures cover.
    let seconds: Double

    /// Memory for pictures; a 1080p picture takes 3 MB.
    private static let bytes = 128 << 20
    private static let most = 64

    /// Decodes the first pictures of a description's source.
    ///
    /// - Throws: A ``RunError`` when the source cannot be read or holds no picture.
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
            throw RunError(.noVideo, "Measuring \(description.input.sources[0]): no picture came.")
        }
        self.holders = holders
        self.seconds = seconds
    }

    /// How many there are.
    var count: Int { holders.count }

    /// Runs a detector on the frame with this number, counted modulo ``count``.
    func detect(with detector: inout FrameDetector, at index: Int, _ recorder: StageRecorder) {
        detector.detect(holders[index % holders.count].frame, recorder: recorder)
    }
}
