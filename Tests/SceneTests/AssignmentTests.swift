import TestSupport
import Testing

@testable import Scene

struct AssignmentTests {
    /// Minimum cost over all assignments, by exhaustive search.
    private func bruteForce(_ costs: [[Double]], limit: Double, taken: Set<Int> = []) -> Double {
        guard let row = costs.first else { return 0 }
        let rest = Array(costs.dropFirst())
        var least = limit + bruteForce(rest, limit: limit, taken: taken)
        for (column, cost) in row.enumerated() where cost.isFinite && !taken.contains(column) {
            let sum = cost + bruteForce(rest, limit: limit, taken: taken.union([column]))
            least = min(least, sum)
        }
        return least
    }

    private func fill(_ assignment: inout Assignment, with costs: [[Double]], columns: Int) {
        assignment.reset(rows: costs.count, columns: columns)
        for (row, line) in costs.enumerated() {
            for (column, cost) in line.enumerated() { assignment[row, column] = cost }
        }
    }

    /// Total cost of the assignment; checks that no column is used twice.
    private func total(_ assignment: Assignment, _ costs: [[Double]], limit: Double) -> Double {
        var used: Set<Int> = []
        return costs.indices.reduce(0) { sum, row in
            guard let column = assignment.column(ofRow: row) else { return sum + limit }
            #expect(used.insert(column).inserted && costs[row][column].isFinite)
            return sum + costs[row][column]
        }
    }

    @Test(arguments: 0..<7, 0..<7)
    func totalCostEqualsTheBruteForceMinimum(rows: Int, columns: Int) {
        var random = SeededGenerator(seed: UInt64(rows * 10 + columns))
        var assignment = Assignment()
        for round in 0..<60 {
            let coarse = round % 2 == 0
            let costs = (0..<rows).map { _ in
                (0..<columns).map { _ in
                    let cost = random.uniform(-1...2)
                    guard random.uniform(0...1) > 0.3 else { return Double.infinity }
                    return coarse ? (cost * 4).rounded() / 4 : cost
                }
            }
            let limit = [0, 0.5, 1, 10, -0.5][round % 5]
            fill(&assignment, with: costs, columns: columns)
            assignment.solve(limit: limit)
            let best = bruteForce(costs, limit: limit)
            #expect(abs(total(assignment, costs, limit: limit) - best) < 1e-9)
        }
    }

    @Test func tiesGoToLowerIndices() {
        var assignment = Assignment()
        assignment.reset(rows: 3, columns: 3)
        for row in 0..<3 { for column in 0..<3 { assignment[row, column] = 0.5 } }
        assignment.solve(limit: 1)
        #expect((0..<3).map { assignment.column(ofRow: $0) } == [0, 1, 2])
    }

    @Test func nanCostsForbidAPair() {
        var assignment = Assignment()
        assignment.reset(rows: 2, columns: 2)
        assignment[0, 0] = .nan
        assignment[0, 1] = .infinity
        assignment[1, 0] = 0.25
        assignment.solve(limit: 1)
        #expect((0..<2).map { assignment.column(ofRow: $0) } == [nil, 0])
    }

    @Test func earlierRowIsReassignedWhenThatIsCheaper() {
        var assignment = Assignment()
        assignment.reset(rows: 2, columns: 1)
        assignment[0, 0] = 0.9
        assignment[1, 0] = 0.1
        assignment.solve(limit: 1)
        #expect((0..<2).map { assignment.column(ofRow: $0) } == [nil, 0])
    }

    @Test func largeProblemsHaveTheCostOfTheirTransposes() {
        var random = SeededGenerator(seed: 9)
        let costs = (0..<120).map { _ in (0..<90).map { _ in random.uniform(0...1) } }
        let turned = (0..<90).map { column in (0..<120).map { costs[$0][column] } }
        var assignment = Assignment()
        fill(&assignment, with: costs, columns: 90)
        assignment.solve(limit: 0.02)
        let straight = total(assignment, costs, limit: 0.02) - 120 * 0.02
        fill(&assignment, with: turned, columns: 120)
        assignment.solve(limit: 0.02)
        let across = total(assignment, turned, limit: 0.02) - 90 * 0.02
        #expect(abs(straight - across) < 1e-9 && straight < 0)
    }
}
