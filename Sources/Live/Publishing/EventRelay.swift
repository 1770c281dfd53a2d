internal import Analytics
internal import Configuration
internal import Flow
internal import Pipeline
internal import Publishing
internal import Video

/// Hands events to the publisher as they are written, with a snapshot of each camera at most once a second.
struct EventRelay {
    /// Kinds of events that make a snapshot.
    static let kinds: Set<ObjectEvent.Kind> = [.begin, .enter]

    private let publisher: EventPublisher
    private let snapshotWidth: Int
    private var renderers: [Int: JPEGRenderer] = [:]
    /// Time of each camera's next snapshot, in nanoseconds.
    private var due: [Int: UInt64] = [:]

    private static let interval: UInt64 = 1_000_000_000

    /// Creates a relay; a width of 0 makes no snapshots.
    init(_ publisher: EventPublisher, snapshotWidth: Int) {
        (self.publisher, self.snapshotWidth) = (publisher, snapshotWidth)
    }

    /// Publishes an event with its NDJSON line.
    func publish(_ record: EventRecord, _ line: String) {
        publisher.publish(
            PublishedEvent(
                line: line, camera: record.camera, kind: record.event.kind.rawValue,
                className: record.className, time: record.time))
    }

    /// Publishes a snapshot of an event that has a frame; the frame stays as it is.
    mutating func publishSnapshot(of pending: borrowing PendingEvent) {
        let camera = pending.camera
        let now = MonotonicClock.system.now
        guard snapshotWidth > 0, Self.kinds.contains(pending.record.event.kind),
            now >= due[camera.index] ?? 0, let frame = Self.copy(of: pending)
        else { return }
        due[camera.index] = now + Self.interval
        do {
            let renderer =
                try renderers[camera.index]
                ?? JPEGRenderer(camera.context, widthLimit: snapshotWidth)
            renderers[camera.index] = renderer
            let image = try renderer.jpeg(of: frame, with: [pending.record.event.object])
            publisher.publish(snapshot: image, of: pending.record.camera)
        } catch {
            // The event itself is published; the next snapshot may succeed.
        }
    }

    private static func copy(of pending: borrowing PendingEvent) -> Frame? {
        switch pending.frame {
        case .some(let frame): try? frame.shared()
        case .none: nil
        }
    }
}

extension LiveDescription {
    /// Kinds of events whose frames are needed for snapshots.
    var kindsWithFrames: Set<ObjectEvent.Kind> {
        let stored = events.snapshots == nil ? [] : SnapshotFolder.kinds
        let isPublished = mqtt.broker != nil && mqtt.snapshotWidth > 0
        return stored.union(isPublished ? EventRelay.kinds : [])
    }
}
