internal import CFFmpeg

/// Measurements of a camera, taken by watching it for a few seconds.
///
/// An RTSP camera is watched over TCP, and for a shorter time over UDP. All figures are taken at
/// the receiver and include the network.
public struct CameraProbe: Sendable {
    /// Description of the source.
    public internal(set) var description: SourceDescription
    /// FFmpeg's name of the video codec's profile, such as `High`; empty if unknown.
    public internal(set) var profile: String
    /// Primaries, transfer, matrix and range of the first frame, in FFmpeg's names.
    public internal(set) var color: String
    /// Transport attempts in order.
    public internal(set) var transports: [TransportAttempt]
    /// Start-up times.
    public internal(set) var opening: Opening
    /// Intervals between frame timestamps, in display order.
    public internal(set) var timestamps: Steps
    /// Intervals between arrivals of video packets, in sending order.
    public internal(set) var arrivals: Steps
    /// Key frame distances.
    public internal(set) var keyFrames: KeyFrames
    /// Order of packet timestamps before any repair.
    public internal(set) var order: TimestampOrder
    /// Offset and drift of the camera's clocks.
    public internal(set) var clock: Clock
    /// Amount of video data.
    public internal(set) var volume: Volume
    /// Audio streams.
    public internal(set) var audio: [AudioStream]
    /// Reasons of lost connections, as messages without credentials.
    public internal(set) var losses: [String]
    /// Counts of errors and repairs.
    public internal(set) var report: ReadReport
    /// Seconds watched.
    public internal(set) var seconds: Double
    /// True if the probe was stopped early.
    public internal(set) var isStopped: Bool

    /// Connection deadlines suited to a probe, in addition to the time it watches.
    public static var defaultDeadlines: ReaderOptions.Deadlines {
        var deadlines = ReaderOptions.Deadlines()
        deadlines.open = 10
        deadlines.firstFrame = 10
        deadlines.betweenPackets = 5
        return deadlines
    }

    /// Longest time, in seconds, that the second transport is watched.
    static let secondAttemptLimit = 3.0

    /// Watches a camera over the first transport that works, and for a shorter time over the other.
    ///
    /// Ends within the deadlines of `options` plus `seconds`, or soon after `stop` returns true.
    ///
    /// - Parameters:
    ///   - source: Address or device.
    ///   - seconds: Time to watch once the camera answered.
    ///   - options: Deadlines and RTSP transports.
    ///   - onAttempt: Called before each attempt with its transport and duration in seconds.
    ///   - stop: Polled while waiting; true ends the probe.
    /// - Returns: The measurements so far.
    /// - Throws: The error of the first transport if none works. Kind ``VideoError/Kind/timedOut``
    ///   if connected but no frame arrived, ``VideoError/Kind/stopped`` if stopped before the first
    ///   frame.
    public static func inspect(
        _ source: String, seconds: Double, options: ReaderOptions,
        onAttempt: (ReaderOptions.Transport?, Double) -> Void = { _, _ in },
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) -> CameraProbe {
        var sessions: [ProbeSession] = []
        for transport in attempts(options.transports, source) {
            let isKnown = sessions.contains { $0.hasVideo }
            let time = isKnown ? min(seconds, secondAttemptLimit) : seconds
            onAttempt(transport, time)
            sessions.append(
                ProbeSession(
                    source, seconds: time, options: options, transport: transport, stop: stop))
            if stop() || sessions.last?.isHopeless == true { break }
        }
        guard let best = sessions.first(where: \.hasVideo), let description = best.description
        else {
            throw sessions.first?.failure
                ?? VideoError(.other, "Reading \(redacted(source)): failed.")
        }
        return CameraProbe(best, description, among: sessions, isStopped: stop())
    }

    private static func attempts(
        _ transports: [ReaderOptions.Transport], _ source: String
    ) -> [ReaderOptions.Transport?] {
        let candidates = TransportChoice.candidates(transports, for: source)
        return candidates.isEmpty ? [nil] : candidates
    }

    private init(
        _ session: ProbeSession, _ description: SourceDescription, among sessions: [ProbeSession],
        isStopped: Bool
    ) {
        let statistics = PacketStatistics(session.packets, videoStream: description.videoStream)
        self.description = description
        (profile, color) = (session.profile, session.color)
        transports = sessions.map(TransportAttempt.init)
        opening = session.opening
        timestamps = Steps(of: session.frameTimes)
        arrivals = statistics.arrivals
        keyFrames = statistics.keyFrames
        order = statistics.order
        clock = Clock(wallOffset: statistics.wallOffset, drift: statistics.drift)
        volume = statistics.volume
        audio = description.streams.enumerated().compactMap { index, stream in
            guard stream.kind == .audio else { return nil }
            return AudioStream(stream, packets: session.packets.count { $0.stream == index })
        }
        losses = session.losses.map(\.error.message)
        report = session.report
        // FFmpeg gives the first frame of an RTSP session no timestamp; that is not the camera's
        // fault.
        report.missingTimestamps = max(0, report.missingTimestamps - session.frameTimes.count)
        // Packet losses are reported per transport attempt.
        (report.missedPackets, report.latePackets) = (0, 0)
        seconds = session.seconds
        self.isStopped = isStopped
    }
}

extension CameraProbe.TransportAttempt {
    init(_ session: ProbeSession) {
        transport = session.transport
        firstFrame = session.opening.firstFrame
        failure = session.failure?.message
        missedPackets = session.report.missedPackets
        latePackets = session.report.latePackets
    }
}

extension CameraProbe.AudioStream {
    init(_ stream: StreamDescription, packets: Int) {
        codec = stream.codec
        sampleRate = unsafe Int(stream.parameters.pointer.pointee.sample_rate)
        channels = unsafe Int(stream.parameters.pointer.pointee.ch_layout.nb_channels)
        self.packets = packets
    }
}
