internal import CFFmpeg

/// Maps the timestamps of one or more sources to the clock of one output.
struct OutputTimeline {
    /// Current source.
    private(set) var source: SourceDescription
    private let first: SourceDescription
    private let base: Ratio
    /// Ticks of the output's video clock added to the current source's timestamps.
    private var shift: Int64
    /// Streams of the current source mapped to those of the first.
    private var matches: [Int: Int] = [:]
    private var isContinuation = false
    private var lastTicks: Int64?
    private var lastLength: Int64
    /// End of each copied stream so far.
    private var ends: [Int: Timestamp] = [:]
    /// Values of `ends` when the current source began.
    private var joints: [Int: Timestamp] = [:]

    /// Starts with the first source; `clock` is the output's time base, by default the source's.
    init(
        _ source: SourceDescription, _ origin: WriterOptions.TimeOrigin, clock: Ratio? = nil
    ) {
        self.source = source
        first = source
        base = clock ?? source.streams[source.videoStream].timeBase
        shift =
            switch origin {
            case .source: 0
            case .seconds(let seconds): -Int64(nearest: seconds / base.value)
            }
        let rate = source.video.nominalRate.value
        lastLength = rate > 0 ? max(1, Int64(nearest: 1 / rate / base.value)) : 1
        for index in source.streams.indices { matches[index] = index }
    }

    /// End of the last frame.
    var end: Timestamp {
        Timestamp(ticks: lastTicks.map { $0.adding(lastLength) } ?? 0, timeBase: base)
    }

    /// Offset added to the current source's timestamps.
    var offset: Timestamp { Timestamp(ticks: shift, timeBase: base) }

    /// Timestamp of a frame on the output's video clock, in ticks.
    func ticks(of timestamp: Timestamp) -> Int64 {
        timestamp.rescaled(to: base).ticks.adding(shift)
    }

    /// Duration of a frame on the output's video clock, in ticks; 0 if unknown.
    func length(_ duration: Int64, _ timeBase: Ratio) -> Int64 {
        duration > 0 ? max(1, av_rescale_q(duration, timeBase.rational, base.rational)) : 0
    }

    /// Records a frame; `length` is 0 if unknown.
    mutating func wrote(_ ticks: Int64, _ length: Int64) {
        if length > 0 {
            lastLength = length
        } else if let last = lastTicks, ticks > last {
            lastLength = ticks.subtracting(last)
        }
        lastTicks = ticks
    }

    /// Maps a chapter to the output's clock.
    func shifted(_ chapter: Chapter) -> Chapter {
        var result = chapter
        result.start = moved(chapter.start)
        result.end = moved(chapter.end)
        return result
    }

    private func moved(_ time: Timestamp) -> Timestamp {
        Timestamp(ticks: time.ticks.adding(ticks(in: time.timeBase)), timeBase: time.timeBase)
    }

    private func ticks(in timeBase: Ratio) -> Int64 {
        av_rescale_q(shift, base.rational, timeBase.rational)
    }

    /// Stream of the first source that continues in stream `index` of the current one.
    func stream(_ index: Int) -> Int? { matches[index] }

    /// Stream of the current source that continues stream `index` of the first.
    func match(of index: Int) -> StreamDescription? {
        matches.first { $0.value == index }.map { source.streams[$0.key] }
    }

    /// Maps a packet to the output's clock.
    func shift(_ entry: PacketQueue.Entry) {
        entry.view.shift(by: ticks(in: entry.timeBase))
    }

    /// False for packets of a later source that start before the earlier one has ended.
    func isAfterJoint(_ entry: PacketQueue.Entry) -> Bool {
        guard isContinuation, let joint = joints[entry.stream] else { return true }
        let half = entry.view.duration / 2
        let middle = Timestamp(
            ticks: entry.sortTimestamp.ticks.adding(half), timeBase: entry.timeBase)
        return !middle.isBefore(joint)
    }

    /// Records a copied packet.
    mutating func passed(_ entry: PacketQueue.Entry) {
        let ticks = entry.sortTimestamp.ticks.adding(entry.view.duration)
        ends[entry.stream] = Timestamp(ticks: ticks, timeBase: entry.timeBase)
    }

    /// Continues with another source at the end of the last frame.
    mutating func begin(
        _ next: SourceDescription, _ roles: [StreamPlan.Role], _ diagnostics: Diagnostics
    ) {
        source = next
        isContinuation = true
        joints = ends
        let start = av_rescale_q(
            Int64(nearest: next.start * 1_000_000), tl_microseconds, base.rational)
        shift = end.ticks.subtracting(start)
        matches = [next.videoStream: first.videoStream]
        var free = next.streams.indices.filter { $0 != next.videoStream }
        for (index, role) in roles.enumerated() where index != first.videoStream && role != .drop {
            let own = first.streams[index]
            guard let match = free.first(where: { continues(own, next.streams[$0], role) }) else {
                diagnostics.add(
                    "\(next.name) has no \(own.kind.rawValue) like the first file's (\(own.codec)); "
                        + "this part of the output has none.")
                continue
            }
            matches[match] = index
            free.removeAll { $0 == match }
        }
    }

    /// True if packets of `other` can follow those of `own` in one stream.
    private func continues(
        _ own: StreamDescription, _ other: StreamDescription, _ role: StreamPlan.Role
    ) -> Bool {
        guard own.kind == other.kind else { return false }
        if case .encode = role { return true }
        return unsafe own.codec == other.codec
            && same(own.parameters.pointer, other.parameters.pointer)
    }

    private func same(
        _ own: UnsafePointer<AVCodecParameters>, _ other: UnsafePointer<AVCodecParameters>
    ) -> Bool {
        guard unsafe own.pointee.sample_rate == other.pointee.sample_rate,
            unsafe own.pointee.ch_layout.nb_channels == other.pointee.ch_layout.nb_channels,
            unsafe own.pointee.width == other.pointee.width,
            unsafe own.pointee.height == other.pointee.height,
            unsafe own.pointee.extradata_size == other.pointee.extradata_size
        else { return false }
        return unsafe (0..<Int(own.pointee.extradata_size)).allSatisfy {
            unsafe own.pointee.extradata[$0] == other.pointee.extradata[$0]
        }
    }
}
