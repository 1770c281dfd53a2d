import Tensors
import Testing
import ThunderNet

/// Cost in millions, rounded to two decimals as in the tables.
func millions(_ cost: Cost, under prefix: String = "") -> Double {
    Double(cost.multiplyAdds(under: prefix)) / 1e6
}

/// Exact parameters and costs of the variants of ThunderNet's table.
struct SNetTests {
    /// One column: parameters and millions of multiply-adds at 224 pixels, by part of the network.
    struct Column: Sendable {
        var name: String
        var parameters: [String: Int]
        var backbone: Int
        var classifier: Int
        var cost: [String: Double]
        var total: Double
        var keptParameters: Int
        var keptStage2: Int
        var keptTotal: Double
    }

    // swift-format-ignore
    static let columns = [
        Column(
            name: "snet49",
            parameters: ["stem": 696, "stage2": 12_168, "stage3": 77_820, "stage4": 147_960, "conv5": 123_904],
            backbone: 362_548, classifier: 875_548,
            cost: ["stem": 8.13, "stage2": 10.58, "stage3": 16.76, "stage4": 9.20, "conv5": 6.02], total: 51.21,
            keptParameters: 875_584, keptStage2: 12_204, keptTotal: 51.23),
        Column(
            name: "snet146",
            parameters: ["stem": 696, "stage2": 42_624, "stage3": 332_772, "stage4": 667_656, "conv5": 0],
            backbone: 1_043_748, classifier: 1_572_748,
            cost: ["stem": 8.13, "stage2": 35.76, "stage3": 74.12, "stage4": 42.60, "conv5": 0], total: 161.14,
            keptParameters: 1_574_512, keptStage2: 44_388, keptTotal: 162.52),
        Column(
            name: "snet535",
            parameters: ["stem": 1_392, "stage2": 136_456, "stage3": 1_114_264, "stage4": 2_290_032, "conv5": 0],
            backbone: 3_542_144, classifier: 4_535_144,
            cost: ["stem": 16.26, "stage2": 118.38, "stage3": 252.03, "stage4": 147.70, "conv5": 0], total: 535.35,
            keptParameters: 4_540_920, keptStage2: 142_232, keptTotal: 539.88),
    ]

    static func graph(_ name: String, branches: ShuffleUnit.Branches = .even) throws -> Graph {
        var net = try #require(SNet.named(name))
        net.unit.branches = branches
        return Classifier.graph(net)
    }

    @Test(arguments: columns)
    func parametersMatchTheTable(_ column: Column) throws {
        let manifest = WeightManifest(try Self.graph(column.name))
        for (part, count) in column.parameters {
            #expect(manifest.parameterCount(under: "backbone.\(part)") == count, "\(part)")
        }
        #expect(manifest.parameterCount(under: "backbone") == column.backbone)
        #expect(manifest.parameterCount() == column.classifier)
    }

    @Test(arguments: columns)
    func costsMatchTheTable(_ column: Column) throws {
        let cost = Cost(try Self.graph(column.name))
        for (part, expected) in column.cost {
            let counted = millions(cost, under: "backbone.\(part)")
            #expect(abs(counted - expected) < 0.00501, "\(part): \(counted)")
        }
        #expect(abs(millions(cost) - column.total) < 0.00501)
    }

    @Test(arguments: columns)
    func keptBranchesDifferInStage2Only(_ column: Column) throws {
        let graph = try Self.graph(column.name, branches: .keep)
        let manifest = WeightManifest(graph)
        #expect(manifest.parameterCount() == column.keptParameters)
        #expect(manifest.parameterCount(under: "backbone.stage2") == column.keptStage2)
        #expect(
            manifest.parameterCount(under: "backbone.stage4") == column.parameters["stage4"])
        #expect(abs(millions(Cost(graph)) - column.keptTotal) < 0.00501)
    }

    /// Costs with the kernels of ShuffleNetV2: 47.24, 152.76 and 519.59 million.
    @Test(arguments: zip(["snet49", "snet146", "snet535"], [47.24, 152.76, 519.59]))
    func smallerKernelsCostLess(_ name: String, _ total: Double) throws {
        var net = try #require(SNet.named(name))
        net.kernel = 3
        #expect(abs(millions(Cost(Classifier.graph(net))) - total) < 0.00501)
    }

    @Test func shuffleNetV2MatchesThePublishedCost() throws {
        let graph = try Self.graph("shufflenetv2-1x")
        #expect(WeightManifest(graph).parameterCount() == 2_278_604)
        #expect(abs(millions(Cost(graph)) - 144.9) < 0.0501)
        let kept = try Self.graph("shufflenetv2-1x", branches: .keep)
        #expect(abs(millions(Cost(kept)) - 145.8) < 0.0501)
    }

    @Test func bothShufflePositionsHaveTheSameCost() throws {
        var net = try #require(SNet.named("snet49"))
        net.unit.shuffle = .beforeSplit
        let other = WeightManifest(Classifier.graph(net))
        #expect(other.entries == WeightManifest(try Self.graph("snet49")).entries)
    }

    @Test func featureMapsHaveTheirStrides() throws {
        let net = try #require(SNet.named("snet146"))
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: 352, width: 640), name: "input")
        let maps = net.features(of: image, in: &graph)
        #expect(graph.shape(maps.stride4) == Shape(channels: 24, height: 88, width: 160))
        #expect(graph.shape(maps.stride8) == Shape(channels: 132, height: 44, width: 80))
        #expect(graph.shape(maps.c4) == Shape(channels: 264, height: 22, width: 40))
        #expect(graph.shape(maps.c5) == Shape(channels: 528, height: 11, width: 20))
    }
}
