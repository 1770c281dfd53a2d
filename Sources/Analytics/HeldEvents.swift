internal import Scene

/// Crossings and entries whose objects are still tracked, in the order in which they became known.
///
/// The class of a track is most certain at its end, so the counts of a recording wait for it. At most 4096 events wait;
/// beyond that, the oldest is released with the track's current class.
public struct HeldEvents: Sendable {
    /// An event with the class of its object and its time.
    public struct Held: Sendable {
        /// The event.
        public var event: ObjectEvent
        /// Index of the object's class, the final one once released.
        public var classIndex: Int
        /// Time of the change in seconds of the source.
        public var time: Double
        /// Index of the frame in which it became known.
        public var frame: Int
    }

    private var waiting: [Held] = []
    private static let limit = 4096

    /// Creates an empty list.
    public init() {}

    /// Earliest time among the waiting events, in seconds of the source; nil without any.
    public var earliest: Double? { waiting.lazy.map(\.time).min() }

    /// Adds an event.
    public mutating func add(_ event: ObjectEvent, time: Double, frame: Int) {
        waiting.append(
            Held(event: event, classIndex: event.object.classIndex, time: time, frame: frame))
    }

    /// Releases the oldest events whose objects have ended.
    public mutating func release(_ scene: SceneEvents) -> [Held] {
        var released = 0
        var mayRelease = true
        for index in waiting.indices {
            let classIndex = scene.classIndex(ofObject: waiting[index].event.object.id)
            if let classIndex { waiting[index].classIndex = classIndex }
            mayRelease = mayRelease && (classIndex == nil || waiting.count - index > Self.limit)
            if mayRelease { released = index + 1 }
        }
        guard released > 0 else { return [] }
        defer { waiting.removeFirst(released) }
        return Array(waiting[..<released])
    }
}
