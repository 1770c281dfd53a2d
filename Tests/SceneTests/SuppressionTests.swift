import TestSupport
import Testing

@testable import Scene

struct SuppressionTests {
    private static func detections(_ count: Int, seed: UInt64, classes: Int = 3) -> [Detection] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let box = Box(
                x: Float(random.uniform(0...80)), y: Float(random.uniform(0...60)),
                width: Float(random.uniform(5...60)), height: Float(random.uniform(5...60)))
            let score = Float(Int(random.uniform(0...20))) / 20
            return Detection(
                classIndex: Int(random.next() % UInt64(classes)), score: score, box: box)
        }
    }

    /// Definition without optimisation: sort, keep the best, remove those that overlap it.
    private static func referenceHard(
        _ detections: [Detection], overlap: Float, minimum: Float, limit: Int, perClass: Bool
    ) -> [Detection] {
        var kept: [Detection] = []
        for detection in detections.filter({ $0.score > minimum }).sortedByScore()
        where kept.count < limit {
            let isCovered = kept.contains {
                (!perClass || $0.classIndex == detection.classIndex)
                    && $0.box.overlap(detection.box) > overlap
            }
            if !isCovered { kept.append(detection) }
        }
        return kept
    }

    @Test(arguments: [0, 1, 2, 7, 8, 9, 60, 300], [true, false])
    func hardSuppressionEqualsTheDefinition(count: Int, isPerClass: Bool) {
        for seed in 0..<10 as Range<UInt64> {
            let detections = Self.detections(count, seed: seed)
            for (overlap, limit) in [(0.3, 1000), (0.5, 5), (0.7, 1000)] as [(Float, Int)] {
                var suppression = Suppression(
                    overlap: overlap, minimumScore: 0.1, limit: limit, isPerClass: isPerClass)
                var ours = detections
                suppression.apply(to: &ours)
                let plain = Self.referenceHard(
                    detections, overlap: overlap, minimum: 0.1, limit: limit, perClass: isPerClass)
                #expect(ours == plain)
            }
        }
    }

    @Test func hardSuppressionIsIdempotent() {
        var suppression = Suppression(overlap: 0.4)
        var once = Self.detections(200, seed: 4)
        suppression.apply(to: &once)
        var twice = once
        suppression.apply(to: &twice)
        #expect(once == twice)
    }

    @Test func equalScoresKeepTheirOrder() {
        let boxes = (0..<20).map { Box(x: Float($0 * 100), y: 0, width: 10, height: 10) }
        let detections = boxes.map { Detection(classIndex: 0, score: 0.5, box: $0) }
        for rule in [.hard, .linear, .gaussian(sigma: 0.5)] as [Suppression.Rule] {
            var suppression = Suppression(rule: rule, overlap: 0.5)
            var kept = detections
            suppression.apply(to: &kept)
            #expect(kept == detections)
        }
    }

    @Test func onlyTheBestCandidatesAreConsidered() {
        let detections = Self.detections(100, seed: 5)
        var suppression = Suppression(overlap: 1, candidateLimit: 10, isPerClass: false)
        var kept = detections
        suppression.apply(to: &kept)
        #expect(kept == Array(detections.filter { $0.score > 0 }.sortedByScore().prefix(10)))
    }

    @Test func linearLowersTheScoreByTheOverlap() {
        let first = Detection(
            classIndex: 0, score: 0.9, box: Box(x: 0, y: 0, width: 100, height: 100))
        let second = Detection(
            classIndex: 0, score: 0.8, box: Box(x: 0, y: 0, width: 100, height: 50))
        let third = Detection(
            classIndex: 1, score: 0.7, box: Box(x: 0, y: 0, width: 100, height: 100))
        var suppression = Suppression(rule: .linear, overlap: 0.3)
        var kept = [second, first, third]
        suppression.apply(to: &kept)
        #expect(kept.map(\.score) == [0.9, 0.7, 0.4])
    }

    @Test func linearKeepsScoresBelowTheThreshold() {
        let first = Detection(
            classIndex: 0, score: 0.9, box: Box(x: 0, y: 0, width: 100, height: 100))
        let second = Detection(
            classIndex: 0, score: 0.8, box: Box(x: 80, y: 0, width: 100, height: 100))
        var suppression = Suppression(rule: .linear, overlap: 0.3)
        var kept = [first, second]
        suppression.apply(to: &kept)
        #expect(kept.map(\.score) == [0.9, 0.8])
    }

    @Test func gaussianLowersTheScoreByTheSquaredOverlap() {
        let first = Detection(
            classIndex: 0, score: 0.9, box: Box(x: 0, y: 0, width: 100, height: 100))
        let second = Detection(
            classIndex: 0, score: 0.8, box: Box(x: 0, y: 0, width: 100, height: 50))
        var suppression = Suppression(rule: .gaussian(sigma: 0.5), overlap: 0.3)
        var kept = [first, second]
        suppression.apply(to: &kept)
        // 0.8 · exp(−0.25 / 0.5)
        #expect(abs(kept[1].score - 0.485_224_5) < 1e-6)
    }

    @Test(arguments: [.linear, .gaussian(sigma: 0.5)] as [Suppression.Rule])
    func softSuppressionSortsScoresAboveTheMinimum(rule: Suppression.Rule) {
        for seed in 0..<20 as Range<UInt64> {
            var kept = Self.detections(80, seed: seed)
            var suppression = Suppression(rule: rule, overlap: 0.3, minimumScore: 0.2, limit: 30)
            suppression.apply(to: &kept)
            #expect(kept.count <= 30 && kept.allSatisfy { $0.score > 0.2 })
            #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.score >= $1.score })
        }
    }

    @Test func nonFiniteScoresAndBoxesAreRemoved() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        var detections = [Float.nan, .infinity, -1, 0, -.infinity].map {
            Detection(classIndex: 0, score: $0, box: box)
        }
        detections += [Float.nan, .infinity].map {
            Detection(classIndex: 0, score: 0.5, box: Box(x: $0, y: 0, width: 1, height: 1))
        }
        for rule in [.hard, .linear, .gaussian(sigma: 0.5)] as [Suppression.Rule] {
            var kept = detections
            var suppression = Suppression(rule: rule, overlap: 0.5)
            suppression.apply(to: &kept)
            #expect(kept.isEmpty)
        }
    }
}
