internal import CFFmpeg

/// When the packets of pictures came.
///
/// Where FFmpeg holds each picture until the next begins, what it hands on began to come when it handed on the one
/// before.
struct PictureArrivals: Sendable {
    private let areHeld: Bool
    private var nextBegan: UInt64?

    init(areHeld: Bool) { self.areHeld = areHeld }

    /// The arrival of the packet that is handed on now, in nanoseconds of the monotonic clock.
    mutating func next(now: UInt64 = UInt64(av_gettime_relative()) * 1000) -> UInt64 {
        defer { nextBegan = now }
        return areHeld ? nextBegan ?? now : now
    }
}
