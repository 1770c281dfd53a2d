import Testing

@testable import Tensors

struct RandomWeightsTests {
    @Test func equalSeedsGiveEqualWeights() throws {
        let graph = sampleGraph()
        #expect(Weights.random(for: graph, seed: 4).all == Weights.random(for: graph, seed: 4).all)
        #expect(Weights.random(for: graph, seed: 4).all != Weights.random(for: graph, seed: 5).all)
    }

    @Test func weightsMatchTheManifest() throws {
        let graph = sampleGraph()
        _ = try Weights(Weights.random(for: graph).all, for: WeightManifest(graph))
    }

    @Test func numbersAreNormallyDistributed() {
        var source = NormalSource(seed: 1)
        let values = (0..<20_000).map { _ in Double(source.next()) }
        let mean = values.reduce(0, +) / 20_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.05)
        #expect(values.allSatisfy { $0.isFinite && abs($0) < 9 })
    }

    /// SplitMix64's published sequence for the seed 1234567.
    @Test func bitsAreThoseOfSplitMix64() {
        var source = NormalSource(seed: 1_234_567)
        #expect(source.bits() == 6_457_827_717_110_365_317)
        #expect(source.bits() == 3_203_168_211_198_807_973)
    }
}
