internal import CFFmpeg

/// When the packets of pictures came.
///
/// Where FFmpeg holds some pictures until later ones begin, what it hands on began to come when it handed on the one that
/// many before.
struct PictureArrivals: Sendable {
    private let held: Int
    /// When the pictures that are held began, the longest held first.
    private var begun: [UInt64] = []

    init(held: Int) { self.held = held }

    /// The arrival of the packet that is handed on now, in nanoseconds of the monotonic clock.
    mutating func next(now: UInt64 = UInt64(av_gettime_relative()) * 1000) -> UInt64 {
        begun.append(now)
        return begun.count > held ? begun.removeFirst() : begun[0]
    }
}
