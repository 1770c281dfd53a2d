internal import CFFmpeg
internal import Synchronization

/// Answers what FFmpeg asks again and again while it waits for bytes: go on, or give up.
///
/// A class, because FFmpeg keeps a pointer to it for as long as a source is open.
final class InterruptGuard: Sendable {
    private let stop: @Sendable () -> Bool
    /// Nanoseconds on the monotonic clock after which waiting ends; 0 means never.
    private let deadline = Atomic<UInt64>(0)

    init(stop: @escaping @Sendable () -> Bool) { self.stop = stop }

    /// Whether the person who reads asked to stop.
    var isStopped: Bool { stop() }

    /// Whether waiting took longer than allowed.
    var isLate: Bool {
        let limit = deadline.load(ordering: .relaxed)
        return limit != 0 && Self.now() > limit
    }

    /// Sets the deadline that many seconds from now; nil waits for ever.
    func allow(_ seconds: Double?) {
        let limit = seconds.map { Self.now() + UInt64(max(Int64(nearest: $0 * 1e9), 0)) }
        deadline.store(limit ?? 0, ordering: .relaxed)
    }

    private static func now() -> UInt64 { UInt64(av_gettime_relative()) * 1000 }

    /// The question in the form that FFmpeg calls; valid while this object lives.
    var callback: AVIOInterruptCB {
        unsafe AVIOInterruptCB(
            callback: { opaque in
                guard let opaque = unsafe opaque else { return 0 }
                let asked = unsafe Unmanaged<InterruptGuard>.fromOpaque(opaque)
                    .takeUnretainedValue()
                return asked.isStopped || asked.isLate ? 1 : 0
            },
            opaque: Unmanaged.passUnretained(self).toOpaque())
    }
}
