/// Chooses the transport of the next attempt to reach an RTSP camera.
struct TransportChoice: Sendable {
    /// Transport to use now; nil for protocols other than RTSP.
    private(set) var current: ReaderOptions.Transport?
    private let candidates: [ReaderOptions.Transport]
    /// Transport that delivered frames most recently.
    private var proven: ReaderOptions.Transport?
    /// Failures since then that a wrong transport may explain.
    private var failures = 0

    init(_ transports: [ReaderOptions.Transport], for source: String) {
        candidates = Self.candidates(transports, for: source)
        current = candidates.first
    }

    /// Transports to try for a source; empty if it has no choice.
    static func candidates(
        _ transports: [ReaderOptions.Transport], for source: String
    ) -> [ReaderOptions.Transport] {
        let isRTSP = source.lowercased().hasPrefix("rtsp")
        return isRTSP || transports.count == 1 ? transports : []
    }

    /// Number of transports to try before the source counts as unreadable.
    var count: Int { max(candidates.count, 1) }

    /// Records a delivered frame.
    mutating func delivered() { (proven, failures) = (current, 0) }

    /// Records a failed attempt or a broken connection.
    ///
    /// A camera that restarts fails in many ways, so a proven transport is left only for single
    /// attempts at growing distances.
    mutating func failed(_ error: VideoError) {
        // An unreachable host or a wrong password says nothing about the transport.
        let isOtherwise = [.notFound, .notReadable, .stopped].contains(error.kind)
        guard candidates.count > 1, !isOtherwise else { return }
        failures += 1
        let isExperiment = failures >= 4 && failures.nonzeroBitCount == 1
        guard let proven, !isExperiment else {
            current = successor(of: proven ?? current)
            return
        }
        current = proven
    }

    private func successor(of transport: ReaderOptions.Transport?) -> ReaderOptions.Transport? {
        let index = transport.flatMap(candidates.firstIndex) ?? -1
        return candidates[(index + 1) % candidates.count]
    }
}
