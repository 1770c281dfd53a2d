/// Pairs rows with columns so that the costs sum to the least, leaving out pairs that cost too much.
///
/// Shortest augmenting paths with dual prices, one row after the other (Jonker and Volgenant, 1987).
/// Instead of padding the matrix, every row may also stay alone at the price of the limit, so the
/// result minimises the sum of (cost − limit) over the chosen pairs. Ties go to lower indices. The time
/// is at most rows² × columns; storage is kept between uses.
public struct Assignment: Sendable {
    /// Number of rows of the present problem.
    public private(set) var rows = 0
    /// Number of columns of the present problem.
    public private(set) var columns = 0

    private var costs: [Double] = []
    private var columnOfRow: [Int] = []
    private var rowOfColumn: [Int] = []
    private var rowPrice: [Double] = []
    private var columnPrice: [Double] = []
    private var distance: [Double] = []
    private var comesFrom: [Int] = []
    private var isReached: [Bool] = []
    private var reachedRows: [Int] = []

    private static let none = -1

    /// An empty problem.
    public init() {}

    /// Sets storage aside for problems of up to the given size, so that solving them allocates nothing.
    public mutating func reserveCapacity(rows: Int, columns: Int) {
        costs.reserveCapacity(rows * columns)
        columnOfRow.reserveCapacity(rows)
        rowPrice.reserveCapacity(rows)
        reachedRows.reserveCapacity(rows)
        rowOfColumn.reserveCapacity(columns)
        columnPrice.reserveCapacity(columns)
        distance.reserveCapacity(columns)
        comesFrom.reserveCapacity(columns)
        isReached.reserveCapacity(columns)
    }

    /// Begins a problem of the given size in which no pair is allowed yet.
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

    /// The cost of pairing a row with a column; infinite or not a number means not allowed.
    public subscript(row: Int, column: Int) -> Double {
        get { costs[row * columns + column] }
        set { costs[row * columns + column] = newValue }
    }

    /// The column paired with a row by `solve`, or nil when the row stays alone.
    public func column(ofRow row: Int) -> Int? {
        columnOfRow[row] == Self.none ? nil : columnOfRow[row]
    }

    /// Finds the best pairing in which each pair costs less than the limit taken alone or in exchange.
    ///
    /// - Parameter limit: Finite; what it costs to leave a row alone.
    public mutating func solve(limit: Double) {
        precondition(limit.isFinite, "the limit is a finite cost")
        for row in 0..<rows { augment(from: row, limit: limit) }
    }

    /// Gives one more row its best place, moving earlier rows along the cheapest alternating path.
    private mutating func augment(from root: Int, limit: Double) {
        distance.fill(columns, with: .infinity)
        comesFrom.fill(columns, with: Self.none)
        isReached.fill(columns, with: false)
        reachedRows.removeAll(keepingCapacity: true)

        var row = root
        var length = 0.0
        var alone = (row: root, length: Double.infinity)
        while true {
            reachedRows.append(row)
            let stay = length + limit - rowPrice[row]
            if stay < alone.length { alone = (row, stay) }
            relax(from: row, length: length)
            guard let next = nearest(), distance[next] < alone.length else {
                settle(length: alone.length, root: root)
                shift(endingAt: columnOfRow[alone.row], root: root)
                if alone.row != root { columnOfRow[alone.row] = Self.none }
                return
            }
            length = distance[next]
            isReached[next] = true
            guard rowOfColumn[next] != Self.none else {
                settle(length: length, root: root)
                shift(endingAt: next, root: root)
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
            comesFrom[column] = row
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

    /// Adjusts the prices so that every pair on the path fits exactly and no pair is underpriced.
    private mutating func settle(length: Double, root: Int) {
        for column in 0..<columns where isReached[column] {
            columnPrice[column] += distance[column] - length
        }
        for row in reachedRows {
            let start = columnOfRow[row] == Self.none ? 0 : distance[columnOfRow[row]]
            rowPrice[row] += length - start
        }
    }

    /// Moves each row of the path to the column it reaches, from the path's end back to its root.
    private mutating func shift(endingAt end: Int, root: Int) {
        var column = end
        while column != Self.none {
            let row = comesFrom[column]
            let freed = columnOfRow[row]
            columnOfRow[row] = column
            rowOfColumn[column] = row
            column = row == root ? Self.none : freed
        }
    }
}

extension Array {
    /// Sets the length and every element, without giving storage back.
    mutating func fill(_ length: Int, with element: Element) {
        removeAll(keepingCapacity: true)
        append(contentsOf: repeatElement(element, count: length))
    }
}
