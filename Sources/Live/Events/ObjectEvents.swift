public import Scene

/// Change of a tracked object of a chosen class.
public struct ObjectEvent: Sendable, Hashable {
    /// Kind of change.
    public enum Kind: String, Sendable, CaseIterable {
        /// A confirmed object appeared.
        case begin
        /// The object's class changed.
        case change
        /// The object has disappeared, or its camera was lost for longer than the tracker's memory.
        case end
    }

    /// Kind of change.
    public var kind: Kind
    /// Last observation of the object.
    public var object: TrackedObject
    /// Seconds since the object appeared, on the camera's clock; 0 for `begin`.
    public var seconds: Double
}

/// Derives events from the tracked objects of one camera after each detection.
///
/// A pure value, as bounded as the tracker. Objects of other classes are ignored until they become
/// one of a chosen class.
struct ObjectEvents: Sendable {
    private struct Known {
        var object: TrackedObject
        var firstSeen: Double
        var lastSeen: Double
    }

    private let isChosen: [Bool]
    /// Seconds without observation after which an object has ended: the tracker's memory.
    private let memory: Double
    private var known: [Int: Known] = [:]
    /// Monotonic time in seconds, outages included.
    private var now = 0.0
    private var timestamp: Double?

    init(isChosen: [Bool], memory: Double) {
        self.isChosen = isChosen
        self.memory = memory
    }

    /// Updates with the confirmed objects after detection in a frame at `seconds`.
    mutating func update(_ objects: [TrackedObject], at seconds: Double) -> [ObjectEvent] {
        now += max(seconds - (timestamp ?? seconds), 0)
        timestamp = seconds
        var events: [ObjectEvent] = []
        for object in objects where isChosen[object.classIndex] || known[object.id] != nil {
            if let event = observe(object) { events.append(event) }
        }
        return events + forgotten()
    }

    /// Adds an outage in seconds; timestamps after it are on another clock.
    mutating func gap(seconds: Double) -> [ObjectEvent] {
        now += max(seconds, 0)
        timestamp = nil
        return forgotten()
    }

    /// Ends all objects at the end of a run.
    mutating func finish() -> [ObjectEvent] { ended { _ in true } }

    private mutating func observe(_ object: TrackedObject) -> ObjectEvent? {
        guard let before = known[object.id] else {
            known[object.id] = Known(object: object, firstSeen: now, lastSeen: now)
            return ObjectEvent(kind: .begin, object: object, seconds: 0)
        }
        known[object.id]?.object = object
        if !object.isPredicted { known[object.id]?.lastSeen = now }
        guard before.object.classIndex != object.classIndex else { return nil }
        return ObjectEvent(kind: .change, object: object, seconds: now - before.firstSeen)
    }

    private mutating func forgotten() -> [ObjectEvent] {
        let earliest = now - memory
        return ended { $0.lastSeen < earliest }
    }

    private mutating func ended(_ hasEnded: (Known) -> Bool) -> [ObjectEvent] {
        let gone = known.filter { hasEnded($0.value) }.sorted { $0.key < $1.key }
        for (id, _) in gone { known[id] = nil }
        return gone.map { _, known in
            ObjectEvent(
                kind: .end, object: known.object, seconds: known.lastSeen - known.firstSeen)
        }
    }
}
