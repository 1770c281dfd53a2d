internal import CFFmpeg

/// Damage of JPEG images that FFmpeg decodes without an error.
struct JPEGDamage: Sendable {
    /// True to follow the codes of every image; false for video, where most need only a look.
    private let isThorough: Bool
    /// Number of the packet sent last, if it is damaged.
    private var damaged: Int64?

    /// Begins a check; nil for streams other than JPEG.
    init?(_ stream: UnsafeMutablePointer<AVStream>, isImage: Bool) {
        guard unsafe stream.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_MJPEG else {
            return nil
        }
        isThorough = isImage
    }

    /// Checks a packet before it is decoded.
    mutating func sent(_ packet: PacketView, _ number: Int64) {
        FFmpegLog.capture()
        guard let start = unsafe packet.pointer.pointee.data else { return }
        let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: packet.size))
        if !isThorough, JPEGScan.looksWhole(bytes) { return }
        if JPEGScan.judge(bytes) == .damaged { damaged = number }
    }

    /// True for a frame whose packet is damaged, or whose decoder complained.
    func isDamaged(_ number: Int64) -> Bool {
        damaged == number || FFmpegLog.lastLine?.hasPrefix("[mjpeg]") == true
    }
}
