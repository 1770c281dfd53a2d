/// Recent centres of tracked objects, for drawing traces; bounded in time, points and objects.
///
/// Storage is allocated once; recording allocates nothing.
public struct Trails: Sendable {
    /// Length of a trail in seconds.
    public let duration: Double
    /// Maximum number of points of a trail.
    public let pointLimit: Int
    /// Maximum number of trails; a new one replaces that of the object unseen for longest.
    public let objectLimit: Int

    private struct Slot {
        var id = 0
        var start = 0
        var count = 0
    }

    private var slots: [Slot]
    private var points: [TrailPoint]

    /// Creates empty trails with their limits.
    public init(duration: Double = 2, pointLimit: Int = 64, objectLimit: Int = 256) {
        precondition(duration > 0 && pointLimit > 1 && objectLimit > 0, "trails need room")
        self.duration = duration
        self.pointLimit = pointLimit
        self.objectLimit = objectLimit
        slots = Array(repeating: Slot(), count: objectLimit)
        points = Array(
            repeating: TrailPoint(x: 0, y: 0, seconds: 0), count: pointLimit * objectLimit)
    }

    /// Appends the centres of one frame's objects and removes expired points.
    ///
    /// - Parameters:
    ///   - objects: Objects with identities; those with non-finite boxes are ignored.
    ///   - seconds: Timestamp of the frame, finite. A time before the newest point clears all trails.
    public mutating func record(_ objects: [TrackedObject], at seconds: Double) {
        guard seconds.isFinite else { return }
        if slots.indices.contains(where: { newest($0) > seconds }) { removeAll() }
        for index in slots.indices { expire(index, at: seconds) }
        for object in objects where object.box.isFinite {
            let point = TrailPoint(
                x: object.box.centerX, y: object.box.centerY, seconds: seconds)
            append(point, to: slot(for: object.id))
        }
    }

    /// Removes all trails.
    public mutating func removeAll() {
        for index in slots.indices { slots[index] = Slot() }
    }

    /// Trail of an object, oldest point first; empty when the object has none.
    public subscript(id: Int) -> Trail {
        guard let index = slots.firstIndex(where: { $0.count > 0 && $0.id == id }) else {
            return Trail(points: points, base: 0, start: 0, count: 0, limit: pointLimit)
        }
        return Trail(
            points: points, base: index * pointLimit, start: slots[index].start,
            count: slots[index].count, limit: pointLimit)
    }

    private func place(_ slot: Int, _ position: Int) -> Int {
        slot * pointLimit + (slots[slot].start + position) % pointLimit
    }

    /// Time of a slot's newest point; −∞ for an empty slot.
    private func newest(_ slot: Int) -> Double {
        let count = slots[slot].count
        return count == 0 ? -.infinity : points[place(slot, count - 1)].seconds
    }

    private mutating func expire(_ index: Int, at seconds: Double) {
        while slots[index].count > 0, seconds - points[place(index, 0)].seconds > duration {
            slots[index].start = (slots[index].start + 1) % pointLimit
            slots[index].count -= 1
        }
    }

    /// Appends the newest point, or replaces the last one while points are too close for the duration to fit.
    private mutating func append(_ point: TrailPoint, to index: Int) {
        let count = slots[index].count
        let spacing = duration / Double(pointLimit - 1)
        if count > 1,
            points[place(index, count - 1)].seconds - points[place(index, count - 2)].seconds
                < spacing
        {
            points[place(index, count - 1)] = point
            return
        }
        if count == pointLimit {
            slots[index].start = (slots[index].start + 1) % pointLimit
            slots[index].count -= 1
        }
        points[place(index, slots[index].count)] = point
        slots[index].count += 1
    }

    /// Slot of an object; otherwise an empty one, or the one whose newest point is oldest.
    private mutating func slot(for id: Int) -> Int {
        var choice = 0
        var oldest = Double.infinity
        for index in slots.indices {
            if slots[index].count > 0, slots[index].id == id { return index }
            if newest(index) < oldest {
                oldest = newest(index)
                choice = index
            }
        }
        slots[choice] = Slot(id: id)
        return choice
    }
}

/// Centre of an object in pixels of the upright frame, at a time in seconds.
public struct TrailPoint: Hashable, Sendable {
    /// Horizontal coordinate, to the right.
    public var x: Float
    /// Vertical coordinate, downwards.
    public var y: Float
    /// Timestamp in the source, in seconds.
    public var seconds: Double

    /// Creates a point from its parts.
    public init(x: Float, y: Float, seconds: Double) {
        self.x = x
        self.y = y
        self.seconds = seconds
    }
}

/// Trail of one object, oldest point first: an immutable view of the storage.
///
/// Release it before the next frame is recorded; otherwise recording copies the storage.
public struct Trail: RandomAccessCollection, Sendable {
    fileprivate let points: [TrailPoint]
    fileprivate let base: Int
    fileprivate let start: Int
    /// Number of points.
    public let count: Int
    fileprivate let limit: Int

    fileprivate init(points: [TrailPoint], base: Int, start: Int, count: Int, limit: Int) {
        self.points = points
        self.base = base
        self.start = start
        self.count = count
        self.limit = limit
    }

    /// Position of the oldest point.
    public var startIndex: Int { 0 }
    /// Position after the newest point.
    public var endIndex: Int { count }

    /// Point at a position; 0 is the oldest.
    public subscript(position: Int) -> TrailPoint {
        precondition(position >= 0 && position < count, "a trail has no such point")
        return points[base + (start + position) % limit]
    }
}
