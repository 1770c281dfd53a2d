public import Scene

/// Something that happened to an object of a chosen class.
public struct ObjectEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, CaseIterable {
        /// A confirmed object appeared.
        case begin
        /// It turned out to be of another class.
        case change
        /// It has gone, or its camera was lost for longer than objects are remembered.
        case end
    }

    /// What happened.
    public var kind: Kind
    /// The object as it was seen last.
    public var object: TrackedObject
    /// Seconds since it began, on the camera's clock; 0 for a beginning.
    public var seconds: Double
}

/// Finds beginnings, changes and ends in the objects of one camera, answer by answer.
///
/// A pure value, bounded by the tracker's own bound. Objects of unchosen classes are passed over until they become
/// one of a chosen class.
struct ObjectEvents: Sendable {
    private struct Known {
        var object: TrackedObject
        var firstSeen: Double
        var lastSeen: Double
    }

    private let isChosen: [Bool]
    /// Seconds after which an object that was not seen has ended: as long as the tracker remembers it.
    private let memory: Double
    private var known: [Int: Known] = [:]
    /// The camera's time without its holes: it never goes back.
    private var now = 0.0
    private var stamp: Double?

    init(isChosen: [Bool], memory: Double) {
        self.isChosen = isChosen
        self.memory = memory
    }

    /// Takes in the confirmed objects after a detector's answer; `seconds` is its picture's time.
    mutating func update(_ objects: [TrackedObject], at seconds: Double) -> [ObjectEvent] {
        now += max(seconds - (stamp ?? seconds), 0)
        stamp = seconds
        var events: [ObjectEvent] = []
        for object in objects where isChosen[object.classIndex] || known[object.id] != nil {
            if let event = note(object) { events.append(event) }
        }
        return events + forgotten()
    }

    /// The camera was lost for so long; what comes next is on another clock.
    mutating func gap(seconds: Double) -> [ObjectEvent] {
        now += max(seconds, 0)
        stamp = nil
        return forgotten()
    }

    /// The run is over: whatever is known ends.
    mutating func finish() -> [ObjectEvent] { ended { _ in true } }

    private mutating func note(_ object: TrackedObject) -> ObjectEvent? {
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
