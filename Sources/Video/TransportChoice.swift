/// Which way of sending an RTSP camera is asked for next: the other one whenever one brought nothing.
struct TransportChoice: Sendable {
    /// The way to ask for now.
    private(set) var current: ReaderOptions.Transport
    private let mayChange: Bool
    private var hasWorked = false

    init(_ wanted: ReaderOptions.Transport, for source: String) {
        let isRTSP = source.lowercased().hasPrefix("rtsp")
        mayChange = wanted == .automatic && isRTSP
        current = wanted == .automatic && isRTSP ? .tcp : wanted
    }

    /// How many ways there are to try before one may say that the source cannot be read.
    var count: Int { mayChange ? 2 : 1 }

    /// A picture came: this way works.
    mutating func delivered() { hasWorked = true }

    /// The connection failed or broke; a way that has worked is kept for the next attempt.
    mutating func failed(_ error: VideoError) {
        defer { hasWorked = false }
        // Where nobody answers, or the password is wrong, the way of sending is not to blame.
        let isOtherwise = [.notFound, .notReadable, .stopped].contains(error.kind)
        guard mayChange, !hasWorked, !isOtherwise else { return }
        current = current == .tcp ? .udp : .tcp
    }
}
