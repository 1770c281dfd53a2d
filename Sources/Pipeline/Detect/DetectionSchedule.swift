package import Configuration

/// Schedule of the frames on which the detector runs; the tracker predicts the others.
package struct DetectionSchedule: Sendable {
    private let every: Int
    private let interval: Double?
    private var frames = 0
    private var next = -Double.infinity

    /// The schedule of a description.
    package init(_ tracking: TrackingDescription) {
        every = tracking.every
        interval = tracking.detectRate.map { 1 / $0 }
    }

    /// True when the next frame, shown at `seconds`, is due for detection.
    ///
    /// Under a rate, detections are due at whole multiples of its interval, which keeps the mean rate even where it
    /// does not divide the source's rate.
    package mutating func isDue(at seconds: Double) -> Bool {
        defer { frames += 1 }
        guard let interval else { return frames % every == 0 }
        guard seconds >= next - 1e-6 || seconds < next - 2 * interval else { return false }
        let isFirst = !next.isFinite || seconds > next + interval || seconds < next - interval
        next = isFirst ? seconds + interval : next + interval
        return true
    }
}
