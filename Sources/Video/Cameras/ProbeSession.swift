internal import CFFmpeg

/// Observation of a camera over one transport.
struct ProbeSession: Sendable {
    let transport: ReaderOptions.Transport?
    /// Description of the source; nil if it could not be opened.
    private(set) var description: SourceDescription?
    private(set) var profile = ""
    private(set) var color = ""
    private(set) var opening = CameraProbe.Opening()
    /// Error if no frame arrived.
    private(set) var failure: VideoError?
    /// All packets, by connection.
    private(set) var packets: [PacketInfo] = []
    /// Frame timestamps in seconds, one list per connection.
    private(set) var frameTimes: [[Double]] = []
    private(set) var losses: [CameraReader.Loss] = []
    private(set) var report = ReadReport()
    /// Seconds watched.
    private(set) var seconds = 0.0

    private let log = PacketLog()
    private let begin = Self.now()
    /// Time of the first connection.
    private var since: Double?

    /// Watches a camera for `seconds` once it answered.
    init(
        _ source: String, seconds: Double, options: ReaderOptions,
        transport: ReaderOptions.Transport?, stop: @escaping @Sendable () -> Bool
    ) {
        self.transport = transport
        let limit = InterruptGuard(stop: stop)
        var options = options
        if let transport { options.transports = [transport] }
        options.measuresRate = false
        options.packetKinds = [.audio, .subtitle, .data]
        options.onPacket = { [log] in log.add($0) }
        var reader = CameraReader(source, options: options) { limit.isStopped || limit.isLate }
        do throws(VideoError) {
            try watch(&reader, limit, seconds)
        } catch {
            failure = error
        }
        report = reader.report
        packets = log.packets
        self.seconds = since.map { Self.now() - $0 } ?? 0
        opening.firstKeyFrame = firstKeyFrame
        if failure == nil && !hasVideo { failure = noFrames(redacted(source), stop()) }
        reader.disconnect(within: options.deadlines.close)
    }

    /// True if at least one frame was decoded.
    var hasVideo: Bool { frameTimes.contains { !$0.isEmpty } }

    /// True for errors that another transport cannot solve, such as an unreachable host or a wrong
    /// password.
    var isHopeless: Bool {
        failure.map { [.notFound, .notReadable, .stopped].contains($0.kind) } ?? false
    }

    private static func now() -> Double { Double(av_gettime_relative()) / 1e6 }

    /// Watches until the time is over; throws if the first connection fails.
    private mutating func watch(
        _ reader: inout CameraReader, _ limit: InterruptGuard, _ seconds: Double
    ) throws(VideoError) {
        while true {
            do throws(VideoError) {
                switch try reader.next() {
                case .connected(let description, _):
                    if since == nil { limit.allow(seconds) }
                    connected(description)
                case .item(.frame(let frame)): record(frame)
                case .item(.packet): break
                case .lost(let loss):
                    if since == nil { throw loss.error }
                    losses.append(loss)
                }
            } catch {
                // The reader throws only if it is stopped.
                if since == nil || error.kind != .stopped { throw error }
                return
            }
        }
    }

    private mutating func connected(_ description: SourceDescription) {
        log.begin()
        frameTimes.append([])
        guard since == nil else { return }
        let now = Self.now()
        since = now
        opening.streamsKnown = now - begin
        self.description = description
        profile = description.streams[description.videoStream].profile
    }

    private mutating func record(_ frame: borrowing Frame) {
        if !hasVideo {
            opening.firstFrame = Self.now() - begin
            color = frame.colorNames
        }
        if frameTimes[frameTimes.count - 1].count < PacketLog.capacity {
            frameTimes[frameTimes.count - 1].append(frame.timestamp.seconds)
        }
    }

    /// Seconds until the first key frame; packets buffered during opening had arrived by then.
    private var firstKeyFrame: Double? {
        guard let video = description?.videoStream,
            let packet = packets.first(where: { $0.stream == video && $0.isKey })
        else { return nil }
        return packet.arrival - begin
    }

    private func noFrames(_ name: String, _ isStopped: Bool) -> VideoError {
        let doing = "Reading \(name)"
        if isStopped { return VideoError(.stopped, "\(doing): stopped before the first frame.") }
        if let loss = losses.last { return loss.error }
        let what = packets.isEmpty ? "nothing arrived" : "packets arrived, but no frame"
        return VideoError(
            .timedOut,
            "\(doing): it answers, but \(what) in \(fixed(seconds, 1)) s. "
                + "Check the camera's codec and key frame interval, or allow more time.")
    }
}
