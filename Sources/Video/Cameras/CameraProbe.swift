internal import CFFmpeg

/// What a camera does, found by watching it for a few seconds, and what to change about it.
///
/// An RTSP camera is watched over TCP, and for a shorter time over UDP. Everything is measured on the side of the
/// one who watches: the network between is part of it.
public struct CameraProbe: Sendable {
    /// What the camera says of itself.
    public internal(set) var description: SourceDescription
    /// FFmpeg's name of the video codec's profile, such as `High`; empty when unknown.
    public internal(set) var profile: String
    /// What the numbers of the first picture mean as colours, in FFmpeg's names.
    public internal(set) var color: String
    /// The ways of sending that were tried, the one that all else speaks of first among those that work.
    public internal(set) var transports: [TransportAttempt]
    /// How long it took until something was to be seen.
    public internal(set) var opening: Opening
    /// How pictures follow one another by their stamps, in the order in which they are shown.
    public internal(set) var timestamps: Steps
    /// How packets of pictures follow one another as they came, in the order of sending.
    public internal(set) var arrivals: Steps
    /// How far key frames are apart.
    public internal(set) var keyFrames: KeyFrames
    /// What the stamps of packets look like before anything is repaired.
    public internal(set) var order: TimestampOrder
    /// The camera's clocks beside ours.
    public internal(set) var clock: Clock
    /// How much is sent.
    public internal(set) var volume: Volume
    /// Each stream of sound.
    public internal(set) var audio: [AudioStream]
    /// Why connections were lost while it was watched, in words, without credentials.
    public internal(set) var losses: [String]
    /// Counts of what happened while it was watched.
    public internal(set) var report: ReadReport
    /// Seconds that it was watched.
    public internal(set) var seconds: Double
    /// Somebody asked to stop before the time was over.
    public internal(set) var isStopped: Bool

    /// Seconds after which a camera that says nothing is given up, beside those that it is watched.
    public static var defaultDeadlines: ReaderOptions.Deadlines {
        var deadlines = ReaderOptions.Deadlines()
        deadlines.open = 10
        deadlines.firstFrame = 10
        deadlines.betweenPackets = 5
        return deadlines
    }

    /// Seconds that the second way of sending is watched, at most.
    static let secondAttemptLimit = 3.0

    /// Watches a camera for so many seconds over the first way of sending that works, and a shorter time over the other.
    ///
    /// It ends within the deadlines of `options` and those seconds, whatever camera and network do, and once `stop`
    /// says so.
    ///
    /// - Parameters:
    ///   - source: An address or a device.
    ///   - seconds: How long it is watched once it answered.
    ///   - options: Deadlines and the way of sending; both of RTSP's are tried unless one is asked for.
    ///   - onWay: Is told what is tried, and for how many seconds.
    ///   - stop: Asked while waiting.
    /// - Returns: What is known by the end.
    /// - Throws: The error of the first way when none works; of kind ``VideoError/Kind/timedOut`` where
    ///   a connection stood and no picture came, of kind ``VideoError/Kind/stopped`` when stopped before the first.
    public static func inspect(
        _ source: String, seconds: Double, options: ReaderOptions,
        onAttempt: (ReaderOptions.Transport, Double) -> Void = { _, _ in },
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) -> CameraProbe {
        var sessions: [ProbeSession] = []
        for transport in transports(options.transport, source) {
            let isKnown = sessions.contains { $0.hasVideo }
            let time = isKnown ? min(seconds, secondAttemptLimit) : seconds
            onAttempt(transport, time)
            var options = options
            options.transport = transport
            sessions.append(ProbeSession(source, seconds: time, options: options, stop: stop))
            if stop() || sessions.last?.isHopeless == true { break }
        }
        guard let best = sessions.first(where: \.hasVideo), let description = best.description
        else {
            throw sessions.first?.failure
                ?? VideoError(.other, "Reading \(redacted(source)): failed.")
        }
        return CameraProbe(best, description, among: sessions, isStopped: stop())
    }

    private static func transports(
        _ wanted: ReaderOptions.Transport, _ source: String
    ) -> [ReaderOptions.Transport] {
        let isRTSP = source.lowercased().hasPrefix("rtsp")
        return wanted == .automatic && isRTSP ? [.tcp, .udp] : [wanted]
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
        // FFmpeg gives the first picture of an RTSP session no stamp, which is not the camera's doing.
        report.missingTimestamps = max(0, report.missingTimestamps - session.frameTimes.count)
        // The ways of sending tell of what the network lost.
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
