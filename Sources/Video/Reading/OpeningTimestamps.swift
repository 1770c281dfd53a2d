internal import CFFmpeg

/// Timestamps of a live source's first packets.
///
/// FFmpeg gives the first packet of an RTSP session no timestamp. The packets that follow have no
/// decode timestamp until FFmpeg knows the depth of reordering. Both follow from the packets after
/// them, which are held until two of them have decode timestamps.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the packets it holds.
@safe struct OpeningTimestamps: ~Copyable, @unchecked Sendable {
    @safe private struct Held {
        let pointer: UnsafeMutablePointer<AVPacket>
        let origin: PacketOrigin
        var view: PacketView { unsafe PacketView(pointer) }
    }

    private let video: Int
    private let nominalStep: Int64
    private var held: [Held] = []
    /// True while packets are awaited.
    private(set) var isOpen: Bool
    /// Most packets held.
    private static let most = 128
    /// Most video packets held: more than any depth of reordering.
    private static let mostVideo = 24

    /// Begins with the first packet; `isNeeded` is false for recordings.
    init(_ description: SourceDescription, isNeeded: Bool) {
        video = description.videoStream
        let base = description.streams[description.videoStream].timeBase.value
        let rate = description.video.nominalRate.value
        nominalStep = rate > 0 && base > 0 ? max(Int64(nearest: 1 / rate / base), 1) : 1
        isOpen = isNeeded
    }

    deinit {
        for entry in held {
            var packet: UnsafeMutablePointer<AVPacket>? = unsafe entry.pointer
            unsafe av_packet_free(&packet)
        }
    }

    /// Takes a packet: true if it is to be delivered now, false if it was moved away to be held.
    mutating func take(_ packet: PacketView, _ origin: PacketOrigin) throws(VideoError) -> Bool {
        guard isOpen else { return held.isEmpty }
        guard let copy = unsafe av_packet_alloc() else {
            throw VideoError(.other, "Holding a packet: out of memory.")
        }
        unsafe av_packet_move_ref(copy, packet.pointer)
        unsafe held.append(Held(pointer: copy, origin: origin))
        let frames = held.map(\.view).filter { $0.stream == video }
        let known = frames.suffix(2).compactMap(\.dts)
        if known.count == 2 || frames.count > Self.mostVideo || held.count > Self.most { end() }
        return false
    }

    /// Moves the oldest held packet into an empty one; nil if there is none or more are awaited.
    mutating func release(into packet: PacketView) -> PacketOrigin? {
        guard !isOpen, !held.isEmpty else { return nil }
        let entry = held.removeFirst()
        var owned: UnsafeMutablePointer<AVPacket>? = unsafe entry.pointer
        unsafe av_packet_move_ref(packet.pointer, entry.pointer)
        unsafe av_packet_free(&owned)
        return entry.origin
    }

    /// Completes the timestamps of the held packets.
    mutating func end() {
        guard isOpen else { return }
        isOpen = false
        let frames = held.map(\.view).filter { $0.stream == video }
        let presented = frames.compactMap(\.pts).sorted()
        let steps = zip(presented, presented.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }
        let step = steps.min() ?? nominalStep
        if let first = frames.first, first.pts == nil, let earliest = presented.first {
            first.pts = earliest.subtracting(step)
        }
        guard let known = frames.firstIndex(where: { $0.dts != nil }) else { return }
        for index in (0..<known).reversed() {
            frames[index].dts = frames[index + 1].dts?.subtracting(step)
        }
    }
}
