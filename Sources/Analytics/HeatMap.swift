public import Scene

/// Time that objects spent at each place of the frame, on a grid of cells.
///
/// Two successive observations of an object add the time between them, at most half a second, to the cells between
/// their bottom centres. The result does not depend on the frame rate.
public struct HeatMap: Sendable {
    /// Columns of cells.
    public let columns: Int
    /// Rows of cells.
    public let rows: Int
    /// Seconds of each cell, row by row.
    public private(set) var seconds: [Double]
    private var lastSeen: [Int: Seen] = [:]

    private struct Seen: Sendable {
        var time: Double
        var column: Double
        var row: Double
    }

    private static let longestStep = 0.5

    /// Creates an empty map.
    public init(columns: Int = 160, rows: Int = 90) {
        precondition(columns > 0 && rows > 0, "a map has cells")
        (self.columns, self.rows) = (columns, rows)
        seconds = Array(repeating: 0, count: columns * rows)
    }

    /// Adds the objects of a frame at a time in seconds of the source; predicted ones are left out.
    public mutating func add(
        _ objects: [TrackedObject], at time: Double, frameWidth: Int, frameHeight: Int
    ) {
        if lastSeen.count > 1024 {
            lastSeen = lastSeen.filter { time - $0.value.time <= Self.longestStep }
        }
        for object in objects where !object.isPredicted {
            guard let place = Anchor.bottomCenter.point(of: object.fullBox) else { continue }
            let now = Seen(
                time: time, column: place.pixelX / Double(frameWidth) * Double(columns),
                row: place.pixelY / Double(frameHeight) * Double(rows))
            let before = lastSeen.updateValue(now, forKey: object.id)
            if let before, time > before.time { add(from: before, to: now) }
        }
    }

    /// Adds a step to the cells on its way.
    private mutating func add(from before: Seen, to now: Seen) {
        let (alongX, alongY) = (now.column - before.column, now.row - before.row)
        let parts = max(Int(min(2 * max(abs(alongX), abs(alongY)), 1000)), 1)
        let time = min(now.time - before.time, Self.longestStep) / Double(parts)
        for part in 0..<parts {
            let share = (Double(part) + 0.5) / Double(parts)
            let column = Int(min(max(before.column + share * alongX, 0), Double(columns - 1)))
            let row = Int(min(max(before.row + share * alongY, 0), Double(rows - 1)))
            seconds[row * columns + column] += time
        }
    }

    /// The cells as CSV: a line for each row of cells, seconds with two decimals.
    public func csv(_ text: (Double) -> String) -> String {
        (0..<rows).map { row in
            seconds[row * columns..<(row + 1) * columns].map(text).joined(separator: ",")
        }.joined(separator: "\n") + "\n"
    }

    /// Level of each cell, 0 to 1, on a logarithmic scale of the longest time.
    public var levels: [Double] {
        let most = seconds.max() ?? 0
        guard most > 0 else { return seconds }
        let scale = 1 / (1 + most / Self.smallest).logarithm
        return seconds.map { (1 + $0 / Self.smallest).logarithm * scale }
    }

    private static let smallest = 0.2
}

extension Double {
    /// Binary logarithm of a number from 1, linear between powers of two.
    fileprivate var logarithm: Double { Double(exponent) + significand - 1 }
}
