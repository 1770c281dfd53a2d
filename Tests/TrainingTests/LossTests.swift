import Configuration
import Foundation
import Scene
import Testing
import ThunderNet

@testable import Training

@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"))
struct LossTests {
    static let bases = [
        Box(x: 10, y: 10, width: 20, height: 30), Box(x: 0, y: 5, width: 8, height: 8),
        Box(x: 40, y: 40, width: 16, height: 12),
    ]
    static let targets = [
        Box(x: 12, y: 8, width: 22, height: 27), Box(x: 30, y: 30, width: 9, height: 6),
        Box(x: 40, y: 40, width: 16, height: 12),
    ]
    static let code = BoxCoder(deviations: SIMD4(0.1, 0.1, 0.2, 0.2), limit: 4.135)

    private func deltas(_ boxes: [Box]) throws -> TorchTensor {
        try TorchTensor(
            zip(Self.bases, boxes).flatMap { base, box in
                let deltas = Self.code.encode(box, relativeTo: base)
                return [deltas.x, deltas.y, deltas.z, deltas.w]
            }, [boxes.count, 4])
    }

    @Test(arguments: LossOptions.BoxLoss.allCases)
    func perfectBoxHasZeroLoss(loss: LossOptions.BoxLoss) throws {
        let pairs = BoxPairs(bases: Self.bases, targets: Self.targets)
        for value in try loss(deltas(Self.targets), pairs, Self.code, beta: 1).values() {
            #expect(abs(value) < 1e-4)
        }
    }

    @Test func generalizedIoUMatchesItsDefinition() throws {
        let pairs = BoxPairs(bases: Self.bases, targets: Self.targets)
        let found = try LossOptions.BoxLoss.giou(deltas(Self.bases), pairs, Self.code, beta: 1)
            .values()
        for (value, (box, target)) in zip(found, zip(Self.bases, Self.targets)) {
            let hull = Box(
                left: min(box.x, target.x), top: min(box.y, target.y),
                right: max(box.right, target.right), bottom: max(box.bottom, target.bottom))
            let common = box.intersection(target).area
            let union = box.area + target.area - common
            let expected = 1 - (common / union - (hull.area - union) / hull.area)
            #expect(abs(value - expected) < 1e-4)
        }
        // Disjoint boxes have a loss above one.
        #expect(found[1] > 1)
    }

    @Test func gradientOfGeneralizedIoUIsFinite() throws {
        let pairs = BoxPairs(bases: Self.bases, targets: Self.targets)
        let deltas = try TorchTensor([Float](repeating: 0, count: 12), [3, 4])
        try deltas.requireGradient()
        try LossOptions.BoxLoss.giou(deltas, pairs, Self.code, beta: 1).sum().backward()
        let gradient = try #require(deltas.gradient).values()
        let isFinite = gradient.allSatisfy { $0.isFinite }
        #expect(isFinite)
        #expect(gradient[0..<8].contains { abs($0) > 1e-3 })
    }

    @Test func qualityFocalLossMatchesItsDefinition() throws {
        let logits: [Float] = [-3, -0.5, 0, 1.5, 4]
        let targets: [Float] = [0, 0.3, 1, 0.7, 1]
        let found = try LossOptions.ObjectnessLoss.qualityFocal(TorchTensor(logits, [5]), targets)
            .values()
        for (index, (x, y)) in zip(logits, targets).enumerated() {
            let p = 1 / (1 + exp(-Double(x)))
            let y = Double(y)
            let cross = -(1 - y) * log(1 - p) - y * log(p)
            let expected = (y - p) * (y - p) * cross
            #expect(abs(Double(found[index]) - expected) < 1e-5)
        }
    }

    @Test func unlabelledClassesDoNotTakePartInTheLoss() throws {
        let losses = DetectorLosses(
            options: LossOptions(), description: ThreeStepsTests.description())
        let logits = try TorchTensor(
            [Float](arrayLiteral: 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), [2, 7])
        try logits.requireGradient()
        let boxes = try TorchTensor([Float](repeating: 0, count: 8), [2, 4])
        let targets = [[1], []].map { unlabelled in
            RegionTargets(
                regions: [Self.bases[0]], classes: [6], positiveCount: 0, deltas: [],
                unlabelled: unlabelled)
        }
        let rows = try losses.regions(.init(classes: logits, boxes: boxes), targets)
        try rows.classification.sum().backward()
        let gradient = try #require(logits.gradient).values()
        #expect(abs(gradient[1]) < 1e-6)
        #expect(gradient[7 + 1] > 0.1)
    }
}
