internal import CFFmpeg

/// Joins the clocks of a source whose timestamps leap: joined recordings, playlists with
/// discontinuities, cameras that set their clock.
///
/// The video decides (``ClockLeap``); the offset found for it holds for all streams. Packets are
/// held back while a leap is undecided, normally never.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the packets it holds.
@safe struct ClockRepair: ~Copyable, @unchecked Sendable {
    /// Leaps that began a new clock.
    private(set) var jumps = 0
    /// Video packets whose timestamps were wrong.
    private(set) var repaired = 0

    @safe private struct Held {
        var pointer: UnsafeMutablePointer<AVPacket>
        var origin: PacketOrigin
        /// Index of a video packet's offset; nil while undecided.
        ///
        /// Other streams find theirs when released.
        var part: Int?
        /// Ticks added to a wrong timestamp.
        var correction: Int64 = 0

        var view: PacketView { unsafe PacketView(pointer) }
    }

    private let bases: [Ratio]
    private let video: Int
    private let isLive: Bool
    /// True for formats in which a clock may begin again.
    private let breaksOff: Bool
    private var leap: ClockLeap
    /// Ticks of the video's time base added to the timestamps of each part of the source.
    private var offsets: [Int64] = [0]
    /// Current part of each stream.
    private var partOfStream: [Int]
    private var lastTicks: [Int64?]
    private let isAudio: [Bool]
    /// End of each stream on the joined clock.
    private var ends: [Int64?]
    private var held: [Held] = []
    /// Number of held packets, from the first, that may be released.
    private var settled = 0
    /// Video timestamp after which packets are no longer held although no leap was seen.
    private var holdUntil: Int64?
    /// Latest video timestamp on the joined clock.
    private var now: Int64?

    /// Seconds of the longest leap forward that is a gap of a format with one clock.
    private static let longestGap = 3600.0
    /// The same for formats in which a clock may begin again, and for live sources.
    private static let shortGap = 10.0

    init(_ description: SourceDescription, breaksOff: Bool) {
        let streams = description.streams
        let isLive = description.isLive
        let none = [Int64?](repeating: nil, count: streams.count)
        leap = ClockLeap(
            timeBase: streams[description.videoStream].timeBase,
            nominalRate: description.video.nominalRate,
            longestGap: breaksOff || isLive ? Self.shortGap : Self.longestGap, isLive: isLive)
        bases = streams.map(\.timeBase)
        isAudio = streams.map { $0.kind == .audio }
        partOfStream = Array(repeating: 0, count: streams.count)
        lastTicks = none
        ends = none
        video = description.videoStream
        self.isLive = isLive
        self.breaksOff = breaksOff
    }

    deinit {
        for entry in held {
            var packet: UnsafeMutablePointer<AVPacket>? = unsafe entry.pointer
            unsafe av_packet_free(&packet)
        }
    }

    /// Takes a packet that was read.
    ///
    /// Returns true if it may be delivered, with corrected timestamps; false if it was moved away
    /// to be held.
    mutating func take(
        _ packet: PacketView, from origin: inout PacketOrigin
    ) throws(VideoError) -> Bool {
        guard bases.indices.contains(packet.stream) else { return true }
        if packet.stream == video {
            if let ticks = packet.dts ?? packet.pts { judge(ticks, origin) }
        } else {
            watch(packet)
        }
        if packet.isCorrupt, breaksOff, !isLive { waitForVideo(2) }
        guard held.isEmpty, !leap.isUndecided, holdUntil == nil else {
            try hold(packet, origin)
            return false
        }
        if correct(packet, part: offsets.count - 1, correction: 0) { return true }
        unsafe av_packet_unref(packet.pointer)
        return false
    }

    /// Moves the next settled packet into an empty one; nil if there is none.
    mutating func release(into packet: PacketView) -> PacketOrigin? {
        while settled > 0 {
            settled -= 1
            let entry = held.removeFirst()
            var owned: UnsafeMutablePointer<AVPacket>? = unsafe entry.pointer
            unsafe av_packet_move_ref(packet.pointer, entry.pointer)
            unsafe av_packet_free(&owned)
            let part = entry.part ?? offsets.count - 1
            if correct(packet, part: part, correction: entry.correction) { return entry.origin }
            unsafe av_packet_unref(packet.pointer)
        }
        return nil
    }

    /// Decides at the end of the source.
    mutating func end() {
        apply(leap.end(), isLast: false)
        settleAll()
    }

    // MARK: Decisions

    private mutating func judge(_ ticks: Int64, _ origin: PacketOrigin) {
        let arrival: Int64? =
            isLive && origin.arrival > 0
            ? Int64(nearest: Double(origin.arrival) / 1e9 / bases[video].value) : nil
        apply(leap.judge(ticks, arrival: arrival), isLast: true)
    }

    /// Applies a verdict to the held packets; with `isLast` it was given for a packet not yet held.
    private mutating func apply(_ verdict: ClockLeap.Verdict, isLast: Bool) {
        switch verdict {
        case .steady:
            if let until = holdUntil, (leap.position ?? until) >= until { settleAll() }
        case .undecided: break
        case .gap: settleAll()
        case .newClock(let ticks): begin(offset: ticks)
        case .wrong(let replaced):
            replace(replaced)
            settleAll()
        case .wrongAndUndecided(let replaced): replace(replaced)
        }
    }

    private mutating func begin(offset ticks: Int64) {
        offsets.append(offsets[offsets.count - 1].adding(ticks))
        jumps += 1
        let seconds = abs(Double(ticks) * bases[video].value)
        var isFirst = true
        for index in held.indices {
            // The packets before the seam are intact: only the counters after it differ.
            unsafe held[index].pointer.pointee.flags &= ~AV_PKT_FLAG_CORRUPT
            guard held[index].view.stream == video, held[index].part == nil else { continue }
            held[index].part = offsets.count - 1
            if isFirst { held[index].origin.leap = seconds }
            isFirst = false
        }
        settleAll()
    }

    /// Corrects the undecided video packets.
    private mutating func replace(_ replaced: [Int64]) {
        repaired += replaced.count
        let undecided = held.indices.filter {
            held[$0].view.stream == video && held[$0].part == nil
        }
        for (index, ticks) in zip(undecided, replaced) {
            let view = held[index].view
            held[index].part = offsets.count - 1
            held[index].correction = ticks.subtracting(view.dts ?? view.pts ?? ticks)
        }
    }

    private mutating func settleAll() {
        for index in held.indices where held[index].part == nil {
            held[index].part = offsets.count - 1
        }
        settled = held.count
        holdUntil = nil
    }

    private mutating func hold(_ packet: PacketView, _ origin: PacketOrigin) throws(VideoError) {
        guard let copy = unsafe av_packet_alloc() else {
            throw VideoError(.other, "Holding a packet: out of memory.")
        }
        unsafe av_packet_move_ref(copy, packet.pointer)
        let isKnown = !leap.isUndecided
        unsafe held.append(
            Held(pointer: copy, origin: origin, part: isKnown ? offsets.count - 1 : nil))
        if isKnown && holdUntil == nil { settled = held.count }
    }

    /// Holds packets when another stream leaps, because the video is then about to follow.
    private mutating func watch(_ packet: PacketView) {
        guard breaksOff, !isLive, let ticks = packet.dts ?? packet.pts else { return }
        defer { lastTicks[packet.stream] = ticks }
        guard let last = lastTicks[packet.stream] else { return }
        let moved = Double(ticks.subtracting(last)) * bases[packet.stream].value
        if moved < -0.5 || moved > Self.shortGap { waitForVideo(50) }
    }

    private mutating func waitForVideo(_ packets: Int64) {
        guard let position = leap.position else { return }
        let until = position.adding(min(leap.usualStep, .farthestTicks / 64) * packets)
        holdUntil = max(holdUntil ?? until, until)
    }

    // MARK: Correction

    /// Moves a packet to the joined clock; false for audio that overlaps that of the part before.
    private mutating func correct(_ packet: PacketView, part: Int, correction: Int64) -> Bool {
        let stream = packet.stream
        guard bases.indices.contains(stream) else { return true }
        let chosen = stream == video ? part : nearestPart(packet)
        partOfStream[stream] = chosen
        let offset = offsets[chosen].adding(correction)
        if offset != 0 {
            packet.shift(by: av_rescale_q(offset, bases[video].rational, bases[stream].rational))
        }
        guard let ticks = packet.dts ?? packet.pts else { return true }
        if stream == video { now = ticks }
        let middle = ticks.adding(packet.duration / 2)
        if chosen > 0, isAudio[stream], let end = ends[stream], middle < end { return false }
        ends[stream] = ticks.adding(packet.duration)
        return true
    }

    /// Part in which a packet of another stream is nearest to the video.
    private func nearestPart(_ packet: PacketView) -> Int {
        let current = partOfStream[packet.stream]
        guard current < offsets.count - 1, let now, let ticks = packet.dts ?? packet.pts else {
            return current
        }
        let own = av_rescale_q(ticks, bases[packet.stream].rational, bases[video].rational)
        var nearest = current
        var least = UInt64.max
        for part in current..<offsets.count {
            let distance = own.adding(offsets[part]).subtracting(now).magnitude
            if distance < least { (nearest, least) = (part, distance) }
        }
        return nearest
    }
}
