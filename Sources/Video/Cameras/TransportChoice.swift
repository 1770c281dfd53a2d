/// Chooses the transport of the next attempt to reach an RTSP camera.
struct TransportChoice: Sendable {
    /// Transport to use now.
    private(set) var current: ReaderOptions.Transport
    private let mayChange: Bool
    /// Transport that delivered frames most recently.
    private var proven: ReaderOptions.Transport?
    /// Failures since then that a wrong transport may explain.
    private var failures = 0

    init(_ wanted: ReaderOptions.Transport, for source: String) {
        let isRTSP = source.lowercased().hasPrefix("rtsp")
        mayChange = wanted == .automatic && isRTSP
        current = wanted == .automatic && isRTSP ? .tcp : wanted
    }

    /// Number of transports to try before the source counts as unreadable.
    var count: Int { mayChange ? 2 : 1 }

    /// Records a delivered frame.
    mutating func delivered() { (proven, failures) = (current, 0) }

    /// Records a failed attempt or a broken connection.
    ///
    /// A camera that restarts fails in many ways, so a proven transport is left only for single
    /// attempts at growing distances.
    mutating func failed(_ error: VideoError) {
        // An unreachable host or a wrong password says nothing about the transport.
        let isOtherwise = [.notFound, .notReadable, .stopped].contains(error.kind)
        guard mayChange, !isOtherwise else { return }
        failures += 1
        let isExperiment = failures >= 4 && failures.nonzeroBitCount == 1
        guard let proven, !isExperiment else {
            current = (proven ?? current) == .tcp ? .udp : .tcp
            return
        }
        current = proven
    }
}
