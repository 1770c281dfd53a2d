import Testing

@testable import Tensors

struct ReferenceRegionPoolTests {
    private let map = pattern([4, 4, 5], 7, 11, 5)
    /// (2, 3, 14, 13) and (−9, −3, 7, 30), which extends outside; corners are rows.
    private let regions = Tensor(dims: [4, 2, 1], [2, -9, 3, -3, 14, 7, 13, 30])

    private func pool(
        _ reduction: RegionPool.Reduction = .average, isAligned: Bool
    ) -> RegionPool {
        RegionPool(
            bins: 2, depth: 1, samples: 2, reduction: reduction, isAligned: isAligned, stride: 4)
    }

    /// ONNX Runtime's RoiAlign (opset 16, scale 1/4, 2×2 bins, 2 samples) of every channel, of
    /// which channel 2·row + column gives bin (row, column).
    @Test func averageAgreesWithLiterals() {
        let aligned = Reference.regionPool(map, regions, pool(isAligned: true))
        #expect(
            aligned.values == [
                0.66796875, 0, -1.134765625, 0.443359375, 0.5625, 0, 1.05859375, 0.75,
            ])
        let corner = Reference.regionPool(map, regions, pool(isAligned: false))
        #expect(
            corner.values == [
                0.484375, -1.1875, -0.265625, 0.5625, -0.1796875, 0, 0.1015625, 0,
            ])
    }

    @Test func constantMapPoolsToItsConstant() {
        let flat = Tensor(dims: [4, 4, 5], repeating: 3)
        let inside = Tensor(dims: [4, 1, 1], [4, 4, 12, 12])
        for reduction in [RegionPool.Reduction.average, .maximum] {
            let result = Reference.regionPool(flat, inside, pool(reduction, isAligned: true))
            #expect(result.values == [3, 3, 3, 3])
        }
    }

    @Test func maximumIsTheGreatestSample() {
        // A ramp along x: samples of bin 0 of (0, 0, 16, 16) lie at x = 0.5 and 1.5, of bin 1 at
        // 2.5 and 3.5.
        let columns = (0..<4).flatMap { _ in (0..<4).flatMap { _ in (0..<5).map { Float($0) } } }
        let region = Tensor(dims: [4, 1, 1], [0, 0, 16, 16])
        let map = Tensor(dims: [4, 4, 5], columns)
        let greatest = Reference.regionPool(map, region, pool(.maximum, isAligned: false))
        #expect(greatest.values == [1.5, 3.5, 1.5, 3.5])
        let mean = Reference.regionPool(map, region, pool(.average, isAligned: false))
        #expect(mean.values == [1, 3, 1, 3])
    }

    @Test func everyBinReadsItsOwnChannel() {
        let numbered = Tensor(
            dims: [8, 3, 3], (0..<8).flatMap { Array(repeating: Float($0), count: 9) })
        let region = Tensor(dims: [4, 1, 1], [4, 4, 8, 8])
        let twoDeep = RegionPool(
            bins: 2, depth: 2, samples: 2, reduction: .average, isAligned: true, stride: 4)
        #expect(Reference.regionPool(numbered, region, twoDeep).values == [0, 1, 2, 3, 4, 5, 6, 7])
    }

    @Test func regionsOutsideTheMapGiveZero() {
        for corner in [Float.nan, .infinity, -.infinity, 1e30, -1e30] {
            let region = Tensor(dims: [4, 1, 1], repeating: corner)
            let result = Reference.regionPool(map, region, pool(isAligned: true))
            #expect(result.values == [0, 0, 0, 0])
        }
    }

    @Test func invertedRegionIsATenthOfACell() {
        let insideOut = Tensor(dims: [4, 1, 1], [8, 8, 4, 4])
        let tiny = Tensor(dims: [4, 1, 1], [8, 8, 8.4, 8.4])
        #expect(
            relativeError(
                Reference.regionPool(map, insideOut, pool(isAligned: true)),
                Reference.regionPool(map, tiny, pool(isAligned: true))) < 1e-5)
    }
}
