internal import CFFmpeg

/// A source that was opened, where it was found.
@safe struct OpenedSource {
    let context: UnsafeMutablePointer<AVFormatContext>
    let address: SourceAddress
    let network: NetworkGuard?
    let hasRefusedSound: Bool
}

extension Demuxer {
    private static let redirectLimit = 4

    /// Opens a source, and follows RTSP redirects to other hosts, without the credentials, where they
    /// are permitted.
    static func follow(
        _ address: SourceAddress, _ options: ReaderOptions, _ waiting: InterruptGuard
    ) throws(VideoError) -> OpenedSource {
        var address = address
        for _ in 0..<redirectLimit {
            let network = NetworkGuard(address, options.follow)
            waiting.network = network
            do throws(VideoError) {
                let opened = try NetworkLog.under(network) { () throws(VideoError) in
                    try open(address, options, waiting)
                }
                return unsafe OpenedSource(
                    context: opened.context, address: address, network: network,
                    hasRefusedSound: opened.hasRefusedSound)
            } catch {
                if let network { NetworkIO.forget(network) }
                guard case .reopen(let target)? = network?.refusal else { throw error }
                address = SourceAddress(target)
            }
        }
        throw VideoError(.notFound, "Reading \(address.name): it redirects again and again.")
    }

    /// Error of a source that was refused; nil if it was not.
    static func refusal(_ address: SourceAddress, _ waiting: InterruptGuard) -> VideoError? {
        guard let refusal = waiting.network?.refusal else { return nil }
        let (kind, words): (VideoError.Kind, String) =
            switch refusal {
            case .place(let place):
                (
                    .notReadable,
                    "it leads to \(place), which is not followed: another host, or one nearer to this machine. "
                        + "If you trust it, name that address, or set connection.follow."
                )
            case .reopen: (.notReadable, "it redirects to another host.")
            case .text:
                (
                    .damaged,
                    "its playlist or description is longer than \(NetworkGuard.textLimit >> 20) MiB, so it was left."
                )
            case .data:
                (
                    .damaged,
                    "it sent more than \(NetworkGuard.dataLimit >> 20) MiB without a frame, so it was left."
                )
            }
        return VideoError(kind, "Reading \(address.name): \(words)")
    }

    /// Notes on the connection for people: redirects, a password in clear.
    var networkNotes: [String] {
        guard let network else { return [] }
        var notes: [String] = []
        if let place = network.redirects.first, format != "hls" && format != "dash" {
            notes.append("The source redirects to \(place).")
        }
        if network.usesBasic {
            notes.append(
                "The password is sent in clear (Basic authentication). Set the camera to Digest, or use an encrypted "
                    + "address.")
        }
        return notes
    }
}
