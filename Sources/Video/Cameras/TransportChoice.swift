/// Which way of sending an RTSP camera is asked for next: the other one whenever one brought nothing.
struct TransportChoice: Sendable {
    /// The way to ask for now.
    private(set) var current: ReaderOptions.Transport
    private let mayChange: Bool
    /// The way that brought pictures most recently.
    private var proven: ReaderOptions.Transport?
    /// Failures since then for which the way may be to blame.
    private var failures = 0

    init(_ wanted: ReaderOptions.Transport, for source: String) {
        let isRTSP = source.lowercased().hasPrefix("rtsp")
        mayChange = wanted == .automatic && isRTSP
        current = wanted == .automatic && isRTSP ? .tcp : wanted
    }

    /// How many ways there are to try before one may say that the source cannot be read.
    var count: Int { mayChange ? 2 : 1 }

    /// A picture came: this way works.
    mutating func delivered() { (proven, failures) = (current, 0) }

    /// The connection failed or broke.
    ///
    /// A camera that is being switched on again fails in many ways: a way that has worked is left for single attempts
    /// only, ever more rarely, in case the camera was set up anew.
    mutating func failed(_ error: VideoError) {
        // Where nobody answers, or the password is wrong, the way of sending is not to blame.
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
