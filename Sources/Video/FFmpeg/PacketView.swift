internal import CFFmpeg

/// View of an `AVPacket` that does not own it; valid while the owner lives.
@safe struct PacketView {
    let pointer: UnsafeMutablePointer<AVPacket>

    init(_ pointer: UnsafeMutablePointer<AVPacket>) { unsafe self.pointer = unsafe pointer }

    /// Stream index.
    var stream: Int { unsafe Int(pointer.pointee.stream_index) }

    /// Presentation timestamp in ticks; nil if missing.
    var pts: Int64? {
        get { Self.known(unsafe pointer.pointee.pts) }
        nonmutating set { unsafe pointer.pointee.pts = newValue ?? tl_no_timestamp }
    }

    /// Decode timestamp in ticks; nil if missing.
    var dts: Int64? {
        get { Self.known(unsafe pointer.pointee.dts) }
        nonmutating set { unsafe pointer.pointee.dts = newValue ?? tl_no_timestamp }
    }

    /// Duration in ticks; 0 if unknown.
    var duration: Int64 {
        get { unsafe pointer.pointee.duration }
        nonmutating set { unsafe pointer.pointee.duration = newValue }
    }

    /// Size in bytes.
    var size: Int { unsafe Int(pointer.pointee.size) }

    /// True for key frames.
    var isKey: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 }

    /// True if the demuxer marked the packet as corrupt.
    var isCorrupt: Bool { unsafe pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }

    /// Adds ticks to both timestamps, as far as they are known.
    func shift(by ticks: Int64) {
        pts = pts?.adding(ticks)
        dts = dts?.adding(ticks)
    }

    private static func known(_ ticks: Int64) -> Int64? { ticks == tl_no_timestamp ? nil : ticks }
}
