internal import Video

/// The division of the detector's threads among detectors.
///
/// For a recording, several detectors of few threads work on successive frames in parallel: none
/// waits for another within a frame, so no core idles. For a live source the age of a frame counts,
/// and one detector uses all threads on the newest frame.
package struct DetectorThreads: Sendable, Hashable {
    /// Number of detectors.
    package let detectors: Int
    /// Threads of each detector.
    package let threadsEach: Int
    /// The goal of the division.
    package let purpose: Purpose
    /// The reason for the division, as a clause that follows a comma.
    package let reason: String

    /// The goal of a division.
    package enum Purpose: String, Sendable, Hashable {
        /// A short time from frame to detections.
        case latency
        /// Many frames per second.
        case throughput
    }

    /// Limit of detectors: each has its own activations and packed weights and holds two frames.
    private static let most = 4

    /// Limit of detectors beside an encoder.
    ///
    /// x264 takes more memory than two detectors and is slower than two; x265 takes twice as much
    /// and is slower than one.
    private static func most(beside encoder: String?) -> Int {
        switch encoder {
        case nil: most
        case "libx265": 1
        default: 2
        }
    }

    /// Divides threads.
    ///
    /// - Parameters:
    ///   - threads: All threads together, at least 1.
    ///   - isLive: True when the age of a frame counts.
    ///   - encoder: FFmpeg's name of the encoder that runs beside the detectors; nil for none.
    package init(threads: Int, isLive: Bool, encoder: String?) {
        detectors = isLive ? 1 : max(1, min(threads, Self.most(beside: encoder)))
        threadsEach = max(1, threads / detectors)
        purpose = isLive ? .latency : .throughput
        reason =
            switch (threads, isLive, encoder) {
            case (1, _, _): "since there is one thread"
            case (_, true, _): "since the age of a frame counts"
            case (_, false, "libx265"): "since the encoder takes memory and cores"
            case (_, false, nil): "since throughput counts and no detector waits for another"
            case (_, false, _): "since throughput counts, beside an encoder"
            }
    }

    /// A phrase such as "2 detectors side by side of 1 thread each".
    package var text: String {
        let threads = pluralized(threadsEach, "thread", "threads")
        return detectors == 1
            ? "\(threads) on each frame"
            : "\(detectors) detectors side by side of \(threads) each"
    }

    /// Limit of frames between the decoder and the tracker.
    var frameLimit: Int { detectors == 1 ? 1 : 2 * detectors }
}
