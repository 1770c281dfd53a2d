internal import Flow
internal import Foundation
internal import Scene
internal import Synchronization
internal import Video

/// One picture with what was followed in it, on its way to being drawn.
struct Canvas: ~Copyable, Sendable {
    var frame: Frame
    let objects: [TrackedObject]
}

/// The newest drawn picture of one camera, for whoever looks; nothing is drawn while nobody does.
final class LatestPreview: Sendable {
    /// A drawn picture.
    struct Picture: Sendable {
        /// Counts pictures, from 1.
        var number: Int
        /// The picture as a JPEG file.
        var jpeg: Data
        /// When its packet came, in nanoseconds of the monotonic clock.
        var arrival: UInt64
    }

    /// Nanoseconds for which somebody who asked once counts as looking.
    private static let attention: UInt64 = 3_000_000_000
    /// Nanoseconds between two drawn pictures at least: ten a second are enough to watch.
    private static let interval: UInt64 = 95_000_000

    private let askedAt = Atomic<UInt64>(0)
    private let takenAt = Atomic<UInt64>(0)
    private let newest = Lock<Picture?>(nil)

    /// Whether the picture at hand should be drawn; only the camera's own thread asks.
    func wants(now: UInt64) -> Bool {
        let asked = askedAt.load(ordering: .relaxed)
        let taken = takenAt.load(ordering: .relaxed)
        guard asked > 0, now < asked + Self.attention, now >= taken + Self.interval else {
            return false
        }
        takenAt.store(now, ordering: .relaxed)
        return true
    }

    /// A picture was drawn.
    func show(_ jpeg: Data, arrival: UInt64) {
        newest.withLock {
            $0 = Picture(number: ($0?.number ?? 0) + 1, jpeg: jpeg, arrival: arrival)
        }
    }

    /// Waits for a picture after one that was seen; nil when none comes within some seconds.
    func picture(after number: Int, within seconds: Double) async -> Picture? {
        let start = MonotonicClock.system.now
        let end = start + UInt64(seconds * 1e9)
        // While nobody looked nothing was drawn: what there is, is of then.
        let wasIdle = start >= askedAt.load(ordering: .relaxed) + Self.attention
        let number = wasIdle ? max(number, newest.withLock { $0?.number ?? 0 }) : number
        while !Task.isCancelled {
            let now = MonotonicClock.system.now
            askedAt.store(now, ordering: .relaxed)
            let present = newest.withLock { $0 }
            // What a camera that is lost showed last is no picture of now.
            if let present, present.number > number, present.arrival + Self.attention > now {
                return present
            }
            guard now < end else { return nil }
            try? await Task.sleep(nanoseconds: 15_000_000)
        }
        return nil
    }
}
