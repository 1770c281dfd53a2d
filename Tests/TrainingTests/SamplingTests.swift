import Configuration
import Datasets
import Scene
import Testing

@testable import Training

struct SamplingTests {
    private func set(_ classes: [[Int]], sets: [Int] = [], weights: [Double] = [1]) -> TrainingSet {
        let extent = PictureExtent(width: 64, height: 64)
        let box = Box(x: 1, y: 1, width: 20, height: 20)
        return TrainingSet(
            classes: ["a", "b"],
            pictures: classes.enumerated().map { index, indices in
                TrainingPicture(
                    stored: index, extent: extent,
                    annotations: indices.map { Annotation(classIndex: $0, box: box) },
                    set: sets.isEmpty ? 0 : sets[index])
            }, weights: weights)
    }

    @Test func imagesOfRareClassesRepeatMoreOften() {
        let common = [[Int]](repeating: [0], count: 98) + [[0, 1], []]
        let factors = SamplingOptions().factors(set(common))
        #expect(factors[0] == 1)
        #expect(factors[98] == 3)
        #expect(factors[99] == 0.5)
        var options = SamplingOptions()
        options.repeatLimit = 9
        #expect(abs(options.factors(set(common))[98] - 20.squareRoot()) < 1e-9)
        options.rareShare = 0
        #expect(options.factors(set(common))[98] == 1)
    }

    @Test func setsAreWeighted() {
        let set = set([[0], [0]], sets: [0, 1], weights: [1, 0.25])
        #expect(SamplingOptions().factors(set) == [1, 0.25])
    }

    @Test func imagesRepeatAccordingToTheirFactors() {
        let factors = [1, 0.25, 2.5, 0, 3]
        var counts = [Int](repeating: 0, count: 5)
        for epoch in 0..<2000 {
            let plan = EpochPlan(
                factors: factors, epoch: epoch, seed: 1, batchSize: 2,
                extents: [PictureExtent(width: 32, height: 32)])
            for index in plan.order { counts[index] += 1 }
        }
        #expect(counts[0] == 2000 && counts[3] == 0 && counts[4] == 6000)
        #expect(abs(counts[1] - 500) < 120 && abs(counts[2] - 5000) < 140)
    }

    @Test func epochDependsOnSeedAndIndexOnly() {
        let extents = [320, 352, 384].map { PictureExtent(width: $0, height: 192) }
        func plan(_ epoch: Int, _ seed: UInt64) -> EpochPlan {
            EpochPlan(
                factors: [Double](repeating: 1, count: 103), epoch: epoch, seed: seed,
                batchSize: 10, extents: extents)
        }
        let one = plan(3, 5)
        #expect(one.batchCount == 10)
        #expect((0..<10).map(one.batch) == (0..<10).map(plan(3, 5).batch))
        #expect(one.order != plan(4, 5).order && one.order != plan(3, 6).order)
        #expect(one.order.sorted() == Array(0..<103))
        #expect(Set((0..<10).map { one.batch($0).extent.width }).count > 1)
        #expect(one.batch(2).places == 20..<30)
        #expect(one.batch(2).pictures == Array(one.order[20..<30]))
    }

    @Test func setsAreMergedWithTheirStoredImages() {
        let box = Box(x: 10, y: 10, width: 20, height: 20)
        let one = AnnotatedSet(
            name: "one", classes: ["a"], unlabelled: [],
            pictures: [
                AnnotatedPicture(path: "/1", annotations: [Annotation(classIndex: 0, box: box)]),
                AnnotatedPicture(path: "/2"),
            ])
        let other = AnnotatedSet(
            name: "two", classes: ["a"], unlabelled: [0], weight: 2,
            pictures: [
                AnnotatedPicture(
                    path: "/3", isRelative: true,
                    annotations: [
                        Annotation(
                            classIndex: nil, box: Box(x: 0.5, y: 0.5, width: 0.75, height: 0.25))
                    ])
            ])
        let small = PictureExtent(width: 50, height: 40)
        let large = PictureExtent(width: 100, height: 80)
        let stored = ["/1", "/2", "/3"].map { path in
            StoredPicture(
                path: path, extent: small, source: large, trouble: path == "/2" ? "cut" : nil,
                offset: 0, attributes: FileAttributes(), digest: "")
        }
        let joined = TrainingSet([one, other], stored: stored)
        #expect(joined.pictures.map(\.stored) == [0, 2])
        #expect(joined.damaged == 1)
        #expect(joined.weights == [1, 2])
        #expect(joined.pictures[0].annotations[0].box == Box(x: 5, y: 5, width: 10, height: 10))
        let region = joined.pictures[1].annotations[0]
        #expect(region.isIgnored)
        #expect(region.box == Box(x: 25, y: 20, width: 25, height: 10))
        #expect(joined.pictures[1].unlabelled == [0])
    }
}
