public import Scene

/// Derives events from the tracked objects of one source: their life, crossings of lines and visits to zones.
///
/// A pure value, as bounded as the tracker. The same calls give the same events.
public struct SceneEvents: Sendable {
    /// Zones, in the order of their indices; at most 64.
    public let zones: [Zone]
    /// Lines, in the order of their indices.
    public let lines: [Line]
    /// Crossings of each line.
    public internal(set) var totals: [LineTotal]
    /// Objects in each zone, by class index.
    public internal(set) var inside: [[Int: Int]]

    /// Classes whose objects make events of their life.
    let isChosen: [Bool]
    /// Seconds without observation after which an object has ended: the tracker's memory.
    let memory: Double
    var seen: [Seen] = []
    var slotOfID: [Int: Int] = [:]
    var freeSlots: [Int] = []
    var lineTracks: [LineTrack] = []
    var zoneTracks: [ZoneTrack] = []
    var lineShapes: [LineShape] = []
    var zoneShapes: [Polygon?] = []
    var frameSize = (width: 0, height: 0)
    var events: [ObjectEvent] = []
    /// Monotonic time in seconds, outages included.
    private(set) var now = 0.0
    private var timestamp: Double?

    /// Most objects that are remembered; above it the one unseen for longest ends.
    private static let objectLimit = 1024

    /// Memory of one object.
    struct Seen: Sendable {
        var object: TrackedObject
        var firstSeen: Double
        var lastSeen: Double
        var rest: Rest
        var isAnnounced = false
        var isLive = true
    }

    /// Creates a value that has seen nothing.
    ///
    /// - Parameters:
    ///   - isChosen: For each class, true when the life of its objects makes events.
    ///   - memory: Seconds without observation after which an object has ended.
    ///   - zones: Zones, at most 64.
    ///   - lines: Lines.
    public init(isChosen: [Bool], memory: Double, zones: [Zone] = [], lines: [Line] = []) {
        precondition(zones.count <= 64, "a set of zones has 64 bits")
        self.isChosen = isChosen
        self.memory = memory
        self.zones = zones
        self.lines = lines
        totals = lines.map { _ in LineTotal() }
        inside = zones.map { _ in [:] }
    }

    /// Updates with the confirmed objects of a frame at `seconds`.
    ///
    /// Predicted objects keep their state. All objects end when the frame size changes; zones and lines scale with it.
    public mutating func update(
        _ objects: [TrackedObject], at seconds: Double, frameWidth: Int, frameHeight: Int
    ) -> [ObjectEvent] {
        let step = seconds - (timestamp ?? seconds)
        now += step.isFinite ? max(step, 0) : 0
        if seconds.isFinite { timestamp = seconds }
        if frameSize != (frameWidth, frameHeight) { resize(frameWidth, frameHeight) }
        for object in objects where object.box.isValid { note(object) }
        endForgotten(.ended)
        return take()
    }

    /// Notes an outage in seconds; timestamps after it are on another clock.
    public mutating func gap(seconds: Double) -> [ObjectEvent] {
        now += max(seconds, 0)
        timestamp = nil
        endForgotten(.lost)
        return take()
    }

    /// Ends all objects at the end of a run.
    public mutating func finish() -> [ObjectEvent] {
        end(all: .ended)
        return take()
    }

    /// Class of an object; nil once it has ended.
    public func classIndex(ofObject id: Int) -> Int? {
        slotOfID[id].map { seen[$0].object.classIndex }
    }

    /// Marks objects with the zones that hold them, and those that stand still.
    public func mark(_ objects: inout [TrackedObject]) {
        guard !zones.isEmpty || !lines.isEmpty else { return }
        for index in objects.indices {
            guard let slot = slotOfID[objects[index].id] else { continue }
            objects[index].isStanding = seen[slot].rest.isStanding
            objects[index].zones = zones.indices.reduce(0) { set, zone in
                zoneTracks[slot * zones.count + zone].isInside ? set | 1 << UInt64(zone) : set
            }
        }
    }

    private mutating func take() -> [ObjectEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    private mutating func resize(_ width: Int, _ height: Int) {
        if frameSize.width > 0 { end(all: .ended) }
        frameSize = (width, height)
        lineShapes = lines.map { LineShape($0, frameWidth: width, frameHeight: height) }
        zoneShapes = zones.map { zone in
            Polygon(zone.points.map { $0.gridPoint(frameWidth: width, frameHeight: height) })
        }
    }

    private mutating func end(all reason: ObjectEvent.Reason) {
        end(slotOfID.values.sorted { seen[$0].object.id < seen[$1].object.id }, reason)
    }

    private mutating func note(_ object: TrackedObject) {
        let slot = slotOfID[object.id] ?? open(object)
        let before = seen[slot].object
        seen[slot].object = object
        announce(slot, before)
        guard !object.isPredicted else { return }
        seen[slot].lastSeen = now
        seen[slot].rest.observe(object.fullBox, at: now)
        observe(slot)
    }

    /// Announces an object of a chosen class, and its change of class.
    private mutating func announce(_ slot: Int, _ before: TrackedObject) {
        let object = seen[slot].object
        if !seen[slot].isAnnounced {
            guard isChosen.indices.contains(object.classIndex), isChosen[object.classIndex] else {
                return
            }
            seen[slot].isAnnounced = true
            seen[slot].firstSeen = now
            return events.append(ObjectEvent(kind: .begin, object: object, seconds: 0))
        }
        guard before.classIndex != object.classIndex else { return }
        events.append(event(.change, slot))
    }

    private mutating func open(_ object: TrackedObject) -> Int {
        if slotOfID.count >= Self.objectLimit, let oldest = oldestSlot { end([oldest], .ended) }
        let entry = Seen(
            object: object, firstSeen: now, lastSeen: now,
            rest: Rest(object.fullBox, at: now))
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            seen[slot] = entry
            for line in lines.indices { lineTracks[slot * lines.count + line] = LineTrack() }
            for zone in zones.indices { zoneTracks[slot * zones.count + zone] = ZoneTrack() }
        } else {
            slot = seen.count
            seen.append(entry)
            lineTracks.append(contentsOf: repeatElement(LineTrack(), count: lines.count))
            zoneTracks.append(contentsOf: repeatElement(ZoneTrack(), count: zones.count))
        }
        slotOfID[object.id] = slot
        return slot
    }

    private var oldestSlot: Int? {
        slotOfID.values.min {
            (seen[$0].lastSeen, seen[$0].object.id) < (seen[$1].lastSeen, seen[$1].object.id)
        }
    }

    private mutating func endForgotten(_ reason: ObjectEvent.Reason) {
        let earliest = now - memory
        var gone: [Int] = []
        for slot in seen.indices where seen[slot].isLive && seen[slot].lastSeen < earliest {
            gone.append(slot)
        }
        guard !gone.isEmpty else { return }
        end(gone.sorted { seen[$0].object.id < seen[$1].object.id }, reason)
    }

    private mutating func end(_ slots: [Int], _ reason: ObjectEvent.Reason) {
        for slot in slots {
            leaveAll(slot, reason)
            if seen[slot].isAnnounced {
                var event = event(.end, slot)
                event.seconds = seen[slot].lastSeen - seen[slot].firstSeen
                event.delay = now - seen[slot].lastSeen
                events.append(event)
            }
            seen[slot].isLive = false
            slotOfID[seen[slot].object.id] = nil
            freeSlots.append(slot)
        }
    }

    /// An event of an object, as of now.
    func event(_ kind: ObjectEvent.Kind, _ slot: Int) -> ObjectEvent {
        var event = ObjectEvent(
            kind: kind, object: seen[slot].object, seconds: now - seen[slot].firstSeen)
        event.isStanding = seen[slot].rest.isStanding
        return event
    }
}

extension Box {
    /// True for a box whose numbers are finite.
    fileprivate var isValid: Bool {
        x.isFinite && y.isFinite && width.isFinite && height.isFinite
    }
}
