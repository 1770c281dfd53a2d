internal import Synchronization

/// Guard of where a source's connections lead, and of how much they send before a frame.
///
/// FFmpeg follows redirects itself, and has no call to refuse one. It logs each of them, and every
/// address it connects to, before it acts: ``FFmpegLog`` passes these lines to the guard of the thread
/// that reads. What is refused is remembered as the error of the source.
final class NetworkGuard: Sendable {
    /// Refusal that ends the connection.
    enum Refusal: Equatable {
        /// Redirect or playlist entry, with its address without credentials.
        case place(String)
        /// RTSP redirect, which the reader follows itself without the credentials; never to be shown.
        case reopen(String)
        /// Text that FFmpeg would read whole.
        case text
        /// Data without a frame.
        case data
    }

    private struct State {
        var refusal: Refusal?
        var numericHosts: Set<String> = []
        var origin: NetworkClass?
        var knownHosts: [String: Bool] = [:]
        var redirects: [String] = []
        /// True after the first redirect or entry of a playlist, however it was written.
        var hasMoved = false
        var offersBasic = false
        var offersDigest = false
        var received = 0
        var hasDiscontinuity = false
    }

    private let given: NetworkPlace
    private let follow: ReaderOptions.Follow
    private let hasCredentials: Bool
    private let resolve: @Sendable (String) -> NetworkClass?
    private let state = Mutex(State())

    /// Bytes of text that FFmpeg reads whole: playlists, descriptions of sessions.
    static let textLimit = 1 << 20
    /// Bytes that a source may send within one call without a frame.
    static let dataLimit = 64 << 20
    private static let redirectLimit = 16

    /// Nil for addresses that are not of a network.
    init?(
        _ address: SourceAddress, _ follow: ReaderOptions.Follow,
        resolve: @escaping @Sendable (String) -> NetworkClass? = { NetworkClass(resolving: $0) }
    ) {
        guard address.isNetwork, let given = NetworkPlace(address.url) else { return nil }
        self.given = given
        self.follow = follow
        self.resolve = resolve
        hasCredentials = address.url != redactedCredentials(address.url)
    }

    /// Reason why the connection was ended; nil if it was not.
    var refusal: Refusal? { state.withLock { $0.refusal } }
    /// True if the connection must end.
    var isRefused: Bool { refusal != nil }
    /// Addresses of redirects, without credentials.
    var redirects: [String] { state.withLock { $0.redirects } }
    /// True if the password was sent in clear, because the source offered nothing else.
    var usesBasic: Bool {
        hasCredentials && !given.isEncrypted
            && state.withLock { $0.offersBasic && !$0.offersDigest }
    }

    /// Notes the numeric address of a connection about to be made.
    ///
    /// - Returns: False if it must not be made, as where a name resolves to another address than before.
    func allowsConnection(to numeric: String) -> Bool {
        guard let place = NetworkClass(numeric: numeric) else { return true }
        return state.withLock { state in
            guard !state.hasMoved else {
                let isNearer = place > state.origin ?? .outside
                let isOther = follow == .sameHost && !state.numericHosts.contains(numeric)
                guard follow != .any, isNearer || isOther else { return true }
                state.refusal = state.refusal ?? .place(numeric)
                return false
            }
            state.numericHosts.insert(numeric)
            state.origin = max(state.origin ?? place, place)
            return true
        }
    }

    /// Judges a redirect or an entry of a playlist.
    ///
    /// - Returns: False if it must not be followed.
    func allows(_ address: String) -> Bool {
        state.withLock { $0.hasMoved = true }
        // Relative addresses, and schemes without a host such as `data:`.
        guard let place = NetworkPlace(address), place.scheme != "data" else { return true }
        note(address)
        let refusal: Refusal? =
            if given.scheme.hasPrefix("rtsp") {
                isSameHost(place)
                    && (place.isEncrypted || place.scheme.isEmpty || !given.isEncrypted)
                    ? nil : follow == .any ? .reopen(address) : .place(redacted(address))
            } else {
                isAllowedOverHTTP(place) ? nil : .place(redacted(address))
            }
        guard let refusal else { return true }
        state.withLock { $0.refusal = $0.refusal ?? refusal }
        return false
    }

    private func note(_ address: String) {
        state.withLock { state in
            let text = redacted(address)
            if state.redirects.count < Self.redirectLimit, !state.redirects.contains(text) {
                state.redirects.append(text)
            }
        }
    }

    private func isSameHost(_ place: NetworkPlace) -> Bool {
        place.host == given.host || state.withLock { $0.numericHosts.contains(place.host) }
    }

    private func isAllowedOverHTTP(_ place: NetworkPlace) -> Bool {
        if follow == .any || isSameHost(place) { return true }
        guard follow == .standard else { return false }
        if let known = state.withLock({ $0.knownHosts[place.host] }) { return known }
        let origin = state.withLock { $0.origin } ?? resolve(given.host) ?? .outside
        // A name that does not resolve leads nowhere.
        let isAllowed = resolve(place.host).map { $0 <= origin } ?? true
        state.withLock { state in
            if state.knownHosts.count < 256 { state.knownHosts[place.host] = isAllowed }
        }
        return isAllowed
    }

    /// Notes an offered kind of authentication.
    func offers(basic: Bool, digest: Bool) {
        state.withLock { state in
            if basic { state.offersBasic = true }
            if digest { state.offersDigest = true }
        }
    }

    /// True if a playlist of the source has a discontinuity.
    var hasDiscontinuity: Bool { state.withLock { $0.hasDiscontinuity } }
    /// Notes a playlist with a discontinuity.
    func noteDiscontinuity() { state.withLock { $0.hasDiscontinuity = true } }

    /// Refuses text longer than the limit.
    func refuseText() { state.withLock { $0.refusal = $0.refusal ?? .text } }

    /// Begins a call that ends with a packet.
    func beginCall() { state.withLock { $0.received = 0 } }

    /// Counts bytes of the present call; false above the limit.
    func receives(_ count: Int) -> Bool {
        state.withLock { state in
            state.received += count
            if state.received > Self.dataLimit { state.refusal = state.refusal ?? .data }
            return state.refusal == nil
        }
    }
}
