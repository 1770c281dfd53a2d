import Tensors
import Testing
import ThunderNet

/// Exact parameters and costs of MENet's table.
struct MENetTests {
    /// One row: parameters with the classifier, millions of multiply-adds at 224 pixels, and of the fusion path.
    struct Row: Sendable {
        var name: String
        var total: Double
        var parameters: Int
        var fusion: Double
    }

    // swift-format-ignore
    static let rows = [
        Row(name: "menet-108-8x1",  total:  38.29, parameters:   654_516, fusion:  6.76),
        Row(name: "menet-128-8x1",  total:  40.92, parameters:   750_796, fusion:  7.49),
        Row(name: "menet-160-8x1",  total:  39.27, parameters:   850_120, fusion:  8.66),
        Row(name: "menet-228-12x1", total: 144.09, parameters: 1_806_568, fusion: 18.82),
        Row(name: "menet-256-12x1", total: 140.84, parameters: 1_888_240, fusion: 20.35),
        Row(name: "menet-352-12x1", total: 144.28, parameters: 2_272_872, fusion: 25.60),
        Row(name: "menet-348-12x1", total: 299.62, parameters: 3_368_128, fusion: 25.38),
        Row(name: "menet-456-24x1", total: 551.05, parameters: 5_304_784, fusion: 75.27),
    ]

    @Test(arguments: rows)
    func countsMatchTheTable(_ row: Row) throws {
        let graph = Classifier.graph(try #require(MENet.named(row.name)))
        #expect(WeightManifest(graph).parameterCount() == row.parameters)
        let cost = Cost(graph)
        #expect(abs(millions(cost) - row.total) < 0.00501)
        let fusion = cost.entries.filter { $0.name.contains(".fusion.") }
            .reduce(0) { $0 + $1.multiplyAdds }
        #expect(abs(Double(fusion) / 1e6 - row.fusion) < 0.00501)
    }

    @Test func everyRowOfTheTableIsCovered() {
        #expect(MENet.all.map(\.name) == Self.rows.map(\.name))
    }
}
