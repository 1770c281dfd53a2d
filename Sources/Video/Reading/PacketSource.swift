internal import CFFmpeg

/// Packets of a demuxer on one clock, with their origins; skips damage.
struct PacketSource: ~Copyable, Sendable {
    private(set) var demuxer: Demuxer
    /// Packet that was read last; the caller empties it.
    let packet: PacketBuffer
    /// Origin of the packet that was read last.
    private(set) var origin = PacketOrigin()

    private var opening: OpeningTimestamps
    private var clock: ClockRepair
    /// Clock of a live source without timestamps; nil for others.
    private var arrivals: ArrivalClock?
    private let reorders: Bool
    private var origins: FrameOrigins
    private let bases: [Ratio]
    private let videoStream: Int
    private let isLive: Bool
    private let onPacket: (@Sendable (PacketInfo) -> Void)?
    private var damagedReads = 0
    private var isEmpty = true
    private var hasEnded = false

    init(
        _ demuxer: consuming Demuxer, _ description: SourceDescription, _ options: ReaderOptions
    ) throws(VideoError) {
        let packet = try PacketBuffer()
        self.packet = packet
        bases = description.streams.map(\.timeBase)
        videoStream = description.videoStream
        isLive = description.isLive
        onPacket = options.onPacket
        opening = OpeningTimestamps(
            description, isNeeded: description.isLive && !description.isStampedByArrival)
        clock = ClockRepair(description, breaksOff: demuxer.breaksOff)
        origins = FrameOrigins(
            held: demuxer.parserDelay(of: description.videoStream),
            timeBase: description.streams[description.videoStream].timeBase)
        let video = description.streams[videoStream]
        arrivals = demuxer.usesArrival ? ArrivalClock(base: video.timeBase) : nil
        reorders = unsafe video.parameters.pointer.pointee.video_delay > 0
        self.demuxer = demuxer
    }

    /// Reads a packet of a stream that the description has; false at the end of the source.
    mutating func next(report: inout ReadReport) throws(VideoError) -> Bool {
        let view = packet.view
        while true {
            if let origin = clock.release(into: view) {
                self.origin = origin
                return true
            }
            if let origin = opening.release(into: view) {
                self.origin = origin
            } else {
                guard !hasEnded else { return false }
                guard try read(report: &report) else {
                    hasEnded = !opening.isOpen
                    if hasEnded { clock.end() }
                    opening.end()
                    continue
                }
                isEmpty = false
                guard bases.indices.contains(view.stream) else {
                    unsafe av_packet_unref(view.pointer)
                    continue
                }
                guard try opening.take(view, origin) else { continue }
            }
            let isReady = try clock.take(view, from: &origin)
            report.clockJumps = clock.jumps
            report.repairedPackets = clock.repaired
            if isReady { return true }
        }
    }

    /// Goes back to the first packet, with a new clock; false if that fails.
    mutating func rewind(_ description: SourceDescription) -> Bool {
        // By bytes, because timestamps do not tell the way.
        let code = unsafe av_seek_frame(demuxer.context, -1, 0, AVSEEK_FLAG_BYTE)
        guard unsafe code >= 0 || av_seek_frame(demuxer.context, -1, 0, AVSEEK_FLAG_BACKWARD) >= 0
        else { return false }
        clock = ClockRepair(description, breaksOff: demuxer.breaksOff)
        hasEnded = false
        return true
    }

    /// Reads a packet as it is stored, skipping damage; false at the end of the source.
    private mutating func read(report: inout ReadReport) throws(VideoError) -> Bool {
        while true {
            let waited = demuxer.waited
            do throws(VideoError) {
                guard try unsafe demuxer.read(into: packet.pointer) else { return false }
                damagedReads = 0
                note(wait: demuxer.waited - waited)
                return true
            } catch {
                let isOver = [.stopped, .timedOut].contains(error.kind)
                if isOver || isLive || isEmpty { throw error }
                damagedReads += 1
                if damagedReads < 32 { continue }
                report.isTruncated = true
                let isSecret = hasUnencodedCredentials(demuxer.address.url)
                let line = isSecret ? nil : FFmpegLog.lastLine.map(redacted)
                report.endedBy = line ?? error.message
                return false
            }
        }
    }

    /// Notes the origin of a packet that was just read.
    private mutating func note(wait: Double) {
        let view = packet.view
        origin = PacketOrigin(view)
        guard bases.indices.contains(view.stream) else { return }
        if view.stream == videoStream { origin = origins.next(origin) }
        if view.stream == videoStream, let ticks = arrivals?.ticks(at: origin.arrival) {
            view.dts = ticks
            view.pts = reorders ? nil : ticks
            view.duration = 0
        }
        onPacket?(PacketInfo(view, from: origin, timeBase: bases[view.stream], wait: wait))
    }
}
