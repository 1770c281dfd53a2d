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
    public internal(set) var ways: [Way]
    /// How long it took until something was to be seen.
    public internal(set) var opening: Opening
    /// How pictures follow one another by their stamps, in the order in which they are shown.
    public internal(set) var stamps: Steps
    /// How packets of pictures follow one another as they came, in the order of sending.
    public internal(set) var arrivals: Steps
    /// How far key frames are apart.
    public internal(set) var keys: KeyFrames
    /// What the stamps of packets look like before anything is repaired.
    public internal(set) var order: TimestampOrder
    /// The camera's clocks beside ours.
    public internal(set) var clock: Clock
    /// How much is sent.
    public internal(set) var volume: Volume
    /// Each stream of sound.
    public internal(set) var sound: [Sound]
    /// Why connections were lost while it was watched, in words, without credentials.
    public internal(set) var losses: [String]
    /// Counts of what happened while it was watched.
    public internal(set) var report: ReadReport
    /// Seconds that it was watched.
    public internal(set) var seconds: Double
    /// Somebody asked to stop before the time was over.
    public internal(set) var isStopped: Bool

    /// Seconds after which a camera that says nothing is given up, beside those that it is watched.
    public static var patience: ReaderOptions.Deadlines {
        var deadlines = ReaderOptions.Deadlines()
        deadlines.open = 10
        deadlines.firstFrame = 10
        deadlines.betweenPackets = 5
        return deadlines
    }

    /// Seconds that the second way of sending is watched, at most.
    static let shortAnalysis = 3.0

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
        onWay: (ReaderOptions.Transport, Double) -> Void = { _, _ in },
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws(VideoError) -> CameraProbe {
        var looks: [ProbeSession] = []
        for transport in ways(options.transport, source) {
            let isKnown = looks.contains { $0.hasPictures }
            let time = isKnown ? min(seconds, shortAnalysis) : seconds
            onWay(transport, time)
            var options = options
            options.transport = transport
            looks.append(ProbeSession(source, seconds: time, options: options, stop: stop))
            if stop() || looks.last?.isHopeless == true { break }
        }
        guard let best = looks.first(where: \.hasPictures), let description = best.description
        else {
            throw looks.first?.failure ?? VideoError(.other, "Reading \(redacted(source)): failed.")
        }
        return CameraProbe(best, description, among: looks, isStopped: stop())
    }

    private static func ways(
        _ wanted: ReaderOptions.Transport, _ source: String
    ) -> [ReaderOptions.Transport] {
        let isRTSP = source.lowercased().hasPrefix("rtsp")
        return wanted == .automatic && isRTSP ? [.tcp, .udp] : [wanted]
    }

    private init(
        _ look: ProbeSession, _ description: SourceDescription, among looks: [ProbeSession],
        isStopped: Bool
    ) {
        let measures = CameraMeasures(look.packets, video: description.videoStream)
        self.description = description
        (profile, color) = (look.profile, look.color)
        ways = looks.map(Way.init)
        opening = look.opening
        stamps = Steps(of: look.pictures)
        arrivals = measures.arrivals
        keys = measures.keys
        order = measures.order
        clock = Clock(wallOffset: measures.wallOffset, drift: measures.drift)
        volume = measures.volume
        sound = description.streams.enumerated().compactMap { index, stream in
            guard stream.kind == .audio else { return nil }
            return Sound(stream, packets: look.packets.count { $0.stream == index })
        }
        losses = look.losses.map(\.error.message)
        report = look.report
        // FFmpeg gives the first picture of an RTSP session no stamp, which is not the camera's doing.
        report.missingTimestamps = max(0, report.missingTimestamps - look.pictures.count)
        // The ways of sending tell of what the network lost.
        (report.missedPackets, report.latePackets) = (0, 0)
        seconds = look.seconds
        self.isStopped = isStopped
    }
}

extension CameraProbe.Way {
    init(_ look: ProbeSession) {
        transport = look.transport
        firstPicture = look.opening.firstPicture
        failure = look.failure?.message
        missedPackets = look.report.missedPackets
        latePackets = look.report.latePackets
    }
}

extension CameraProbe.Sound {
    init(_ stream: StreamDescription, packets: Int) {
        codec = stream.codec
        sampleRate = unsafe Int(stream.parameters.pointer.pointee.sample_rate)
        channels = unsafe Int(stream.parameters.pointer.pointee.ch_layout.nb_channels)
        self.packets = packets
    }
}
