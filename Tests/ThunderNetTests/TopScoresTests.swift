import Tensors
import Testing

@testable import ThunderNet

/// The selection equals that of a stable sort.
struct TopScoresTests {
    static func selected(_ scores: [Float], _ limit: Int) -> [Int] {
        var top = TopScores(capacity: scores.count, limit: limit)
        for score in scores { top.append(score) }
        top.select(limit)
        return top.selected
    }

    static func expected(_ scores: [Float], _ limit: Int) -> [Int] {
        scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(limit).sorted()
    }

    @Test(arguments: [1, 2, 7, 200, 1999, 2000, 2001, 22_000, 30_000])
    func greatestScoresAreSelected(_ limit: Int) {
        var source = NormalSource(seed: UInt64(limit))
        let scores = (0..<22_000).map { _ in 4 * source.next() - 5 }
        #expect(Self.selected(scores, limit) == Self.expected(scores, limit))
    }

    @Test(arguments: [1, 3, 500, 999])
    func firstOfEqualScoresAreSelected(_ limit: Int) {
        var source = NormalSource(seed: 3)
        let scores = (0..<1000).map { _ in Float(Int(2 * source.next())) }
        #expect(Self.selected(scores, limit) == Self.expected(scores, limit))
        #expect(Self.selected(Array(repeating: 1, count: 1000), limit) == Array(0..<limit))
    }

    @Test func signsZerosInfinitiesAndNaNAreOrdered() {
        let scores: [Float] = [
            .nan, -.infinity, -1, -.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude, 1, .infinity,
            -.nan,
        ]
        #expect(Self.selected(scores, 1) == [7])
        #expect(Self.selected(scores, 3) == [5, 6, 7])
        #expect(Self.selected(scores, 5) == [3, 4, 5, 6, 7])
        #expect(Self.selected(scores, 7) == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test func removeAllDiscardsPreviousScores() {
        var top = TopScores(capacity: 4, limit: 2)
        for score: Float in [1, 2, 3, 4] { top.append(score) }
        top.select(2)
        #expect(top.selected == [2, 3])
        top.removeAll()
        for score: Float in [9, 2, 8] { top.append(score) }
        top.select(2)
        #expect(top.selected == [0, 2])
    }
}
