internal import Flow
internal import Foundation
internal import Synchronization

/// Newest drawn frame of one camera, for viewers of the page; nothing is drawn without viewers.
final class LatestPreview: Sendable {
    /// Drawn frame.
    struct Preview: Sendable {
        /// Number in the series of drawn frames, from 1.
        var number: Int
        /// JPEG file.
        var jpeg: Data
        /// Arrival of the frame's packet, in nanoseconds of the monotonic clock.
        var arrival: UInt64
    }

    /// Nanoseconds after its last request for which a viewer counts as present.
    private static let attention: UInt64 = 3_000_000_000
    /// Shortest distance of two drawn frames in nanoseconds: ten a second suffice for viewers.
    private static let interval: UInt64 = 95_000_000

    private let requestedAt = Atomic<UInt64>(0)
    private let waiting = Atomic(0)
    private let takenAt = Atomic<UInt64>(0)
    private let latest = LatestValue<(jpeg: Data, arrival: UInt64)>()

    private func hasViewers(now: UInt64) -> Bool {
        let requested = requestedAt.load(ordering: .relaxed)
        return waiting.load(ordering: .relaxed) > 0
            || requested > 0 && now < requested + Self.attention
    }

    /// True when the present frame should be drawn; asked by the camera's own thread alone.
    func startDrawing(now: UInt64) -> Bool {
        let taken = takenAt.load(ordering: .relaxed)
        guard hasViewers(now: now), now >= taken + Self.interval else { return false }
        takenAt.store(now, ordering: .relaxed)
        return true
    }

    /// Publishes a drawn frame.
    func show(_ jpeg: Data, arrival: UInt64) { latest.publish((jpeg, arrival)) }

    /// Waits for a frame newer than one seen before; nil when none comes in time.
    func preview(after number: Int, within seconds: Double) async -> Preview? {
        let start = MonotonicClock.system.now
        let end = start + UInt64(seconds * 1e9)
        // With no viewers nothing is drawn, so the stored frame is as old as the last viewer; skip it.
        let isStale = !hasViewers(now: start)
        var seen = isStale ? max(number, latest.newest?.number ?? 0) : number
        requestedAt.store(start, ordering: .relaxed)
        waiting.wrappingAdd(1, ordering: .relaxed)
        defer {
            requestedAt.store(MonotonicClock.system.now, ordering: .relaxed)
            waiting.wrappingSubtract(1, ordering: .relaxed)
        }
        while true {
            let now = MonotonicClock.system.now
            guard now < end else { return nil }
            let left = Double(end - now) / 1e9
            guard let next = await latest.value(after: seen, within: left) else { return nil }
            // The last frame of a lost camera is not shown as if it were live.
            if next.value.arrival + Self.attention > MonotonicClock.system.now {
                return Preview(
                    number: next.number, jpeg: next.value.jpeg, arrival: next.value.arrival)
            }
            seen = next.number
        }
    }
}
