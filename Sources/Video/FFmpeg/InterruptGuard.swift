internal import CFFmpeg
internal import Synchronization

/// FFmpeg's interrupt callback: ends blocking calls at a deadline or when asked to stop.
///
/// A class because FFmpeg keeps a pointer to it while a source is open.
final class InterruptGuard: Sendable {
    private let stop: @Sendable () -> Bool
    /// Deadline in nanoseconds of the monotonic clock; 0 means none.
    private let deadline = Atomic<UInt64>(0)
    private let guardOfNetwork = Mutex<NetworkGuard?>(nil)

    init(stop: @escaping @Sendable () -> Bool) { self.stop = stop }

    /// Guard of the source's connections, whose refusal ends blocking calls as well.
    var network: NetworkGuard? {
        get { guardOfNetwork.withLock { $0 } }
        set { guardOfNetwork.withLock { $0 = newValue } }
    }

    /// True once the caller asked to stop.
    var isStopped: Bool { stop() }

    /// True once the deadline has passed.
    var isLate: Bool {
        let limit = deadline.load(ordering: .relaxed)
        return limit != 0 && Self.now() > limit
    }

    /// Sets the deadline to `seconds` from now; nil removes it.
    func allow(_ seconds: Double?) {
        let limit = seconds.map { Self.now() + UInt64(max(Int64(nearest: $0 * 1e9), 0)) }
        deadline.store(limit ?? 0, ordering: .relaxed)
    }

    private static func now() -> UInt64 { UInt64(av_gettime_relative()) * 1000 }

    /// Callback for `AVFormatContext`; valid while this object lives.
    var callback: AVIOInterruptCB {
        unsafe AVIOInterruptCB(
            callback: { opaque in
                guard let opaque = unsafe opaque else { return 0 }
                let asked = unsafe Unmanaged<InterruptGuard>.fromOpaque(opaque)
                    .takeUnretainedValue()
                return asked.isStopped || asked.isLate || asked.network?.isRefused == true ? 1 : 0
            },
            opaque: Unmanaged.passUnretained(self).toOpaque())
    }
}
