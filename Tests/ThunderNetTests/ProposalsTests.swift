import Scene
import Testing

@testable import ThunderNet

struct ProposalsTests {
    static func description(anchors: [Float] = [16]) -> ModelDescription {
        var description = ModelDescription(
            name: "small", backbone: "snet49", classes: ["thing"], width: 64, height: 32)
        description.anchors.scales = anchors
        description.anchors.ratios = [1]
        return description
    }

    /// Regions of a 64×32 input with one anchor per cell, cells in raster order; deltas are zero unless given.
    static func regions(
        _ description: ModelDescription, _ logits: [Float], deltas: [Int: SIMD4<Float>] = [:]
    ) -> [Detection] {
        var proposals = Proposals(description, width: 64, height: 32)
        var numbers = [Float](repeating: 0, count: 4 * 8)
        for (cell, delta) in deltas {
            for index in 0..<4 { numbers[4 * cell + index] = delta[index] }
        }
        let perCell = description.objectness == .sigmoid ? 1 : 2
        var regions: [Detection] = []
        for _ in 0..<2 {
            proposals.find(
                objectness: logits.span, OutputLayout(channelStride: 1, cellStride: perCell),
                deltas: numbers.span, OutputLayout(channelStride: 1, cellStride: 4),
                into: &regions)
        }
        return regions
    }

    @Test func regionsAreSortedByScoreAndCentredOnTheirCells() {
        let found = Self.regions(Self.description(), [0, 1, 2, 3, 7, 6, 5, 4])
        #expect(found.count == 8)
        #expect(found[0].box == Box(x: 0, y: 16, width: 16, height: 16))
        #expect(found[1].box == Box(x: 16, y: 16, width: 16, height: 16))
        #expect(found[7].box == Box(x: 0, y: 0, width: 16, height: 16))
        #expect(abs(found[7].score - 0.5) < 1e-6)
    }

    @Test func limitsBeforeAndAfterSuppressionAreApplied() {
        var description = Self.description()
        description.proposals.before = 3
        #expect(Self.regions(description, [0, 1, 2, 3, 7, 6, 5, 4]).count == 3)
        description.proposals.after = 2
        #expect(Self.regions(description, [0, 1, 2, 3, 7, 6, 5, 4]).count == 2)
    }

    @Test func overlappingRegionWithLowerScoreIsRemoved() {
        // Cell 1's anchor is moved almost onto cell 0's.
        let found = Self.regions(
            Self.description(), [3, 2, 0, 0, 0, 0, 0, 0], deltas: [1: [-0.95, 0, 0, 0]])
        #expect(found.count == 7)
        #expect(found[0].box.x == 0)
    }

    @Test func boxesAreClippedAndSmallOnesRemoved() {
        let found = Self.regions(
            Self.description(), [9, 8, 0, 0, 0, 0, 0, 0],
            deltas: [0: [-0.9, 0, 0, 0], 1: [0, 0, 9, 0]])
        // Cell 0 keeps 1.6 columns inside; cell 1 grows to the limit and is clipped to the input's width.
        #expect(found.count == 7)
        #expect(found[0].box == Box(x: 0, y: 0, width: 64, height: 16))
    }

    @Test func softmaxObjectnessIsTheDifferenceOfLogits() {
        var description = Self.description()
        description.objectness = .softmax
        // Background and object of each cell.
        let logits: [Float] = [5, 5, 0, 2, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1, 7]
        let found = Self.regions(description, logits)
        #expect(found[0].box == Box(x: 48, y: 16, width: 16, height: 16))
        #expect(found[1].box.x == 16)
        #expect(abs(found[0].score - logistic(6)) < 1e-6)
    }

    @Test func notANumberInputsGiveFiniteRegions() {
        let found = Self.regions(
            Self.description(), Array(repeating: .nan, count: 8), deltas: [0: [.nan, 0, 0, 0]])
        #expect(found.allSatisfy { $0.box.x.isFinite && $0.score.isFinite })
    }
}
