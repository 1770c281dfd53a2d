internal import Video

/// How the detector's threads are spent.
///
/// Pictures of a recording are looked at side by side by several detectors of few threads: none waits for another
/// inside a picture, so that no core idles. Where a picture's age counts, all threads work on the newest one.
package struct DetectorThreads: Sendable, Hashable {
    /// Detectors that look at pictures in turn.
    package let detectors: Int
    /// Threads of each.
    package let each: Int
    /// What they are spent for.
    package let purpose: Purpose
    /// Why so, in words that follow a comma.
    package let reason: String

    /// What counts.
    package enum Purpose: String, Sendable, Hashable {
        /// How old an answer is.
        case latency
        /// How many there are.
        case throughput
    }

    /// Every detector has maps and packed weights of its own and holds two pictures.
    private static let most = 4

    /// An encoder takes the most memory and is slower than two detectors; x265 takes twice that and is slower than one.
    private static func most(beside encoder: String?) -> Int {
        switch encoder {
        case nil: most
        case "libx265": 1
        default: 2
        }
    }

    /// - Parameters:
    ///   - threads: All threads together, at least 1.
    ///   - isLive: Whether the age of a picture counts.
    ///   - encoder: FFmpeg's name of the encoder that works beside the detectors; nil for none.
    package init(threads: Int, isLive: Bool, encoder: String?) {
        detectors = isLive ? 1 : max(1, min(threads, Self.most(beside: encoder)))
        each = max(1, threads / detectors)
        purpose = isLive ? .latency : .throughput
        reason =
            switch (threads, isLive, encoder) {
            case (1, _, _): "since there is one thread"
            case (_, true, _): "since the age of a picture counts"
            case (_, false, "libx265"): "since the encoder takes memory and cores"
            case (_, false, nil): "since the number of pictures counts and none waits for another"
            case (_, false, _): "since the number of pictures counts, beside an encoder"
            }
    }

    /// Such as "2 detectors of 1 thread each".
    package var text: String {
        let threads = pluralized(each, "thread", "threads")
        return detectors == 1
            ? "\(threads) on each picture"
            : "\(detectors) detectors side by side of \(threads) each"
    }

    /// Pictures that may be between the decoder and the tracker.
    var pictures: Int { detectors == 1 ? 1 : 2 * detectors }
}
