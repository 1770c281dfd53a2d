import Tensors
import Testing
import ThunderNet

/// Exact parameters and costs of FD-MobileNet's table.
struct FDMobileNetTests {
    /// One row: width, parameters with the classifier, millions of multiply-adds at 224 pixels.
    struct Row: Sendable {
        var name: String
        var parameters: Int
        var total: Double
    }

    // swift-format-ignore
    static let rows = [
        Row(name: "fdmobilenet-1x",    parameters: 2_901_288, total: 144.49),
        Row(name: "fdmobilenet-0.75x", parameters: 1_833_304, total:  84.28),
        Row(name: "fdmobilenet-0.5x",  parameters:   993_928, total:  40.13),
        Row(name: "fdmobilenet-0.25x", parameters:   383_160, total:  12.04),
    ]

    @Test(arguments: rows)
    func countsMatchTheTable(_ row: Row) throws {
        let graph = Classifier.graph(try #require(FDMobileNet.named(row.name)))
        #expect(WeightManifest(graph).parameterCount() == row.parameters)
        #expect(abs(millions(Cost(graph)) - row.total) < 0.00501)
    }

    /// Costs per layer of the paper's table, for its widths 1, 0.5 and 0.25.
    // swift-format-ignore
    @Test(arguments: [
        (1.00, [10.838, 7.326, 6.874, 13.748, 6.648, 13.297, 6.535, 13.071, 13.071, 13.071, 13.071, 25.916, 1.024]),
        (0.50, [ 5.419, 2.057, 1.831,  3.663, 1.719,  3.437, 1.662,  3.324,  3.324,  3.324,  3.324,  6.535, 0.512]),
        (0.25, [ 2.710, 0.627, 0.514,  1.029, 0.458,  0.916, 0.430,  0.859,  0.859,  0.859,  0.859,  1.662, 0.256]),
    ])
    func costOfLayersMatchesTheTable(_ width: Double, _ layers: [Double]) {
        let cost = Cost(Classifier.graph(FDMobileNet(width: width)))
        for (number, expected) in layers.enumerated() {
            let part =
                number == 0 ? "backbone.stem" : number == 12 ? "classifier" : "backbone.block\(number)"
            #expect(abs(millions(cost, under: part) - expected) < 0.000_501, "layer \(number)")
        }
    }
}
