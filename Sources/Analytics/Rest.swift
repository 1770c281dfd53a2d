internal import Scene

/// Detector of objects that stand still.
///
/// An object stands once its centre has stayed within a tenth of its size for ten seconds; a standing object moves again
/// when its centre is a quarter of its size away.
struct Rest: Sendable {
    private var x = 0.0
    private var y = 0.0
    private var size = 0.0
    private var since = 0.0
    private(set) var isStanding = false
    /// Seconds of earlier rests.
    private var earlier = 0.0

    private static let time = 10.0
    private static let reach = (moving: 0.1, standing: 0.25)

    /// Begins with the first observation of an object.
    init(_ box: Box, at time: Double) { begin(box, at: time) }

    private mutating func begin(_ box: Box, at time: Double) {
        (x, y) = (Double(box.centerX), Double(box.centerY))
        size = box.size
        since = time
    }

    /// Takes an observation into account.
    mutating func observe(_ box: Box, at time: Double) {
        let (awayX, awayY) = (Double(box.centerX) - x, Double(box.centerY) - y)
        let reach = (isStanding ? Self.reach.standing : Self.reach.moving) * size
        if awayX * awayX + awayY * awayY > reach * reach {
            if isStanding { earlier += time - since }
            isStanding = false
            begin(box, at: time)
        } else if time - since >= Self.time {
            isStanding = true
        }
    }

    /// Seconds of earlier rests, and the time of the present one, which may turn out to be a short stop.
    func rested(until time: Double, includingPresent: Bool) -> Double {
        includingPresent ? earlier + max(time - since, 0) : earlier
    }
}
