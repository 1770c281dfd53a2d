/// Minimum-cost assignment of rows to columns; pairs that cost more than a limit stay unmatched.
///
/// Shortest augmenting paths with dual prices, one row after the other (Jonker and Volgenant, 1987). Instead of padding
/// the matrix, a row may stay unmatched at the cost of the limit. The result minimises the sum of (cost − limit) over
/// the chosen pairs. Ties go to lower indices. The time is at most rows² × columns. Storage is kept between uses.
public struct Assignment: Sendable {
    /// Number of rows of the current problem.
    public private(set) var rows = 0
    /// Number of columns of the current problem.
    public private(set) var columns = 0

    private var costs: [Double] = []
    private var columnOfRow: [Int] = []
    private var rowOfColumn: [Int] = []
    private var rowPrice: [Double] = []
    private var columnPrice: [Double] = []
    private var distance: [Double] = []
    private var predecessor: [Int] = []
    private var isReached: [Bool] = []
    private var reachedRows: [Int] = []

    private static let none = -1

    /// An empty problem.
    public init() {}

    /// Reserves storage for problems up to the given size, so that solving them allocates nothing.
    public mutating func reserveCapacity(rows: Int, columns: Int) {
        costs.reserveCapacity(rows * columns)
        columnOfRow.reserveCapacity(rows)
        rowPrice.reserveCapacity(rows)
        reachedRows.reserveCapacity(rows)
        rowOfColumn.reserveCapacity(columns)
        columnPrice.reserveCapacity(columns)
        distance.reserveCapacity(columns)
        predecessor.reserveCapacity(columns)
        isReached.reserveCapacity(columns)
    }

    /// Starts a problem of the given size in which no pair is allowed yet.
    public mutating func reset(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "sizes are counts")
        self.rows = rows
        self.columns = columns
        costs.fill(rows * columns, with: .infinity)
        columnOfRow.fill(rows, with: Self.none)
        rowOfColumn.fill(columns, with: Self.none)
        rowPrice.fill(rows, with: 0)
        columnPrice.fill(columns, with: 0)
    }

    /// Cost of pairing a row with a column; infinity or NaN forbids the pair.
    public subscript(row: Int, column: Int) -> Double {
        get { costs[row * columns + column] }
        set { costs[row * columns + column] = newValue }
    }

    /// Column that `solve` paired with a row; nil for an unmatched row.
    public func column(ofRow row: Int) -> Int? {
        columnOfRow[row] == Self.none ? nil : columnOfRow[row]
    }

    /// Finds the optimal assignment.
    ///
    /// - Parameter limit: Cost of an unmatched row, finite. No chosen pair costs more.
    public mutating func solve(limit: Double) {
        precondition(limit.isFinite, "the limit is a finite cost")
        for row in 0..<rows { augment(from: row, limit: limit) }
    }

    /// Matches one more row, reassigning earlier rows along the cheapest alternating path.
    private mutating func augment(from root: Int, limit: Double) {
        distance.fill(columns, with: .infinity)
        predecessor.fill(columns, with: Self.none)
        isReached.fill(columns, with: false)
        reachedRows.removeAll(keepingCapacity: true)

        var row = root
        var length = 0.0
        var unmatched = (row: root, length: Double.infinity)
        while true {
            reachedRows.append(row)
            let unmatchedLength = length + limit - rowPrice[row]
            if unmatchedLength < unmatched.length { unmatched = (row, unmatchedLength) }
            relax(from: row, length: length)
            guard let next = nearest(), distance[next] < unmatched.length else {
                updatePrices(length: unmatched.length, root: root)
                augmentPath(endingAt: columnOfRow[unmatched.row], root: root)
                if unmatched.row != root { columnOfRow[unmatched.row] = Self.none }
                return
            }
            length = distance[next]
            isReached[next] = true
            guard rowOfColumn[next] != Self.none else {
                updatePrices(length: length, root: root)
                augmentPath(endingAt: next, root: root)
                return
            }
            row = rowOfColumn[next]
        }
    }

    private mutating func relax(from row: Int, length: Double) {
        let base = length - rowPrice[row]
        for column in 0..<columns where !isReached[column] {
            let through = base + costs[row * columns + column] - columnPrice[column]
            guard through < distance[column] else { continue }
            distance[column] = through
            predecessor[column] = row
        }
    }

    private func nearest() -> Int? {
        var best = Self.none
        var least = Double.infinity
        for column in 0..<columns where !isReached[column] && distance[column] < least {
            least = distance[column]
            best = column
        }
        return best == Self.none ? nil : best
    }

    /// Updates the dual prices: reduced costs on the path become zero, all others stay non-negative.
    private mutating func updatePrices(length: Double, root: Int) {
        for column in 0..<columns where isReached[column] {
            columnPrice[column] += distance[column] - length
        }
        for row in reachedRows {
            let start = columnOfRow[row] == Self.none ? 0 : distance[columnOfRow[row]]
            rowPrice[row] += length - start
        }
    }

    /// Assigns each row of the path to the column it reaches, from the path's end back to its root.
    private mutating func augmentPath(endingAt end: Int, root: Int) {
        var column = end
        while column != Self.none {
            let row = predecessor[column]
            let freed = columnOfRow[row]
            columnOfRow[row] = column
            rowOfColumn[column] = row
            column = row == root ? Self.none : freed
        }
    }
}

extension Array {
    /// Sets the length and every element, keeping the capacity.
    mutating func fill(_ length: Int, with element: Element) {
        removeAll(keepingCapacity: true)
        append(contentsOf: repeatElement(element, count: length))
    }
}
