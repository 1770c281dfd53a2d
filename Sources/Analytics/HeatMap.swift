public import Scene

/// Time that objects spent at each place of the frame, on a grid of cells.
///
/// An object seen twice adds the time between, at most half a second, to the cell of its bottom centre; the frame rate
/// changes nothing.
public struct HeatMap: Sendable {
    /// Columns of cells.
    public let columns: Int
    /// Rows of cells.
    public let rows: Int
    /// Seconds of each cell, row by row.
    public private(set) var seconds: [Double]
    private var lastSeen: [Int: Double] = [:]

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
            lastSeen = lastSeen.filter { time - $0.value <= Self.longestStep }
        }
        for object in objects where !object.isPredicted {
            let before = lastSeen.updateValue(time, forKey: object.id)
            guard let before, time > before,
                let place = Anchor.bottomCenter.point(of: object.fullBox)
            else { continue }
            let x = Int(place.pixelX / Double(frameWidth) * Double(columns))
            let y = Int(place.pixelY / Double(frameHeight) * Double(rows))
            let cell = min(max(y, 0), rows - 1) * columns + min(max(x, 0), columns - 1)
            seconds[cell] += min(time - before, Self.longestStep)
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
