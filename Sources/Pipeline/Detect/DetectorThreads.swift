/// How the detector's threads are spent.
///
/// Pictures of a recording are looked at side by side by several detectors of few threads: none waits for another
/// inside a picture, so that no core idles. Where a picture's age counts, all threads work on the newest one.
struct DetectorThreads: Sendable, Hashable {
    /// Detectors that look at pictures in turn.
    let detectors: Int
    /// Threads of each.
    let each: Int

    /// Every detector has maps and packed weights of its own and holds three pictures.
    private static let most = 4

    /// - Parameters:
    ///   - threads: All threads together, at least 1.
    ///   - isLive: Whether the age of a picture counts.
    init(threads: Int, isLive: Bool) {
        detectors = isLive ? 1 : max(1, min(threads, Self.most))
        each = max(1, threads / detectors)
    }

    /// Pictures that may be between the decoder and the tracker.
    var pictures: Int { detectors == 1 ? 1 : 3 * detectors }
}
