package import Configuration

/// Decides which frames the detector looks at; the tracker carries objects over the others.
package struct DetectionSchedule: Sendable {
    private let every: Int
    private let interval: Double?
    private var frames = 0
    private var next = -Double.infinity

    /// The schedule that a description asks for.
    package init(_ tracking: TrackingDescription) {
        every = tracking.every
        interval = tracking.detectRate.map { 1 / $0 }
    }

    /// Whether to detect on the next frame, shown at `seconds`.
    ///
    /// Under a rate, looks are due at whole multiples of its interval, so that the mean rate is kept even where it
    /// does not divide the source's.
    package mutating func isDue(at seconds: Double) -> Bool {
        defer { frames += 1 }
        guard let interval else { return frames % every == 0 }
        guard seconds >= next - 1e-6 || seconds < next - 2 * interval else { return false }
        let isFirst = !next.isFinite || seconds > next + interval || seconds < next - interval
        next = isFirst ? seconds + interval : next + interval
        return true
    }
}
