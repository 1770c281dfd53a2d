import Tensors
import Testing
import ThunderNet

/// Exact parameters and costs of whole detectors.
struct DetectorGraphTests {
    /// One backbone: parameters and millions of multiply-adds at 320 pixels.
    struct Column: Sendable {
        var name: String
        var parts: [String: Double]
        var context: Int
        /// For VOC, then for COCO.
        var softmax: [Int]
        var sigmoid: [Int]
        var total: [Double]
        /// Cost at 128, 192, 224, 240, 256, 320 and 480 pixels, COCO.
        var bySide: [Double]
        /// Kept branches with sigmoid; the same with class-specific boxes; the official repository.
        ///
        /// Each for VOC and COCO.
        var readings: [[Double]]
    }

    static let sides = [128, 192, 224, 240, 256, 320, 480]

    // swift-format-ignore
    static let columns = [
        Column(
            name: "snet49",
            parts: ["backbone.stem": 16.59, "backbone.stage2": 21.60, "backbone.stage3": 34.20, "backbone.stage4": 18.78,
                    "backbone.conv5": 12.29, "context": 24.43, "proposal": 42.90, "attention": 25.09],
            context: 281_015, softmax: [1_092_699, 1_154_199], sigmoid: [1_086_274, 1_147_774], total: [251.2, 263.5],
            bySide: [99.0, 138.2, 163.6, 180.8, 193.0, 263.5, 508.1],
            readings: [[248.7, 261.0], [264.2, 325.7], [473.9, 535.4]]),
        Column(
            name: "snet146",
            parts: ["backbone.stem": 16.59, "backbone.stage2": 72.98, "backbone.stage3": 151.27, "backbone.stage4": 86.94,
                    "context": 38.94, "proposal": 42.90, "attention": 25.09],
            context: 324_135, softmax: [1_817_019, 1_878_519], sigmoid: [1_810_594, 1_872_094], total: [490.0, 502.3],
            bySide: [137.2, 224.2, 280.7, 317.7, 345.8, 502.3, 1045.5],
            readings: [[490.3, 502.5], [505.8, 567.3], [715.5, 777.0]]),
        Column(
            name: "snet535",
            parts: ["backbone.stem": 33.18, "backbone.stage2": 241.59, "backbone.stage3": 514.35, "backbone.stage4": 301.42,
                    "context": 73.16, "proposal": 42.90, "attention": 25.09],
            context: 608_335, softmax: [4_599_615, 4_661_115], sigmoid: [4_593_190, 4_654_690], total: [1287.0, 1299.3],
            bySide: [264.9, 511.1, 671.2, 778.1, 855.9, 1299.3, 2838.6],
            readings: [[1293.7, 1305.9], [1309.2, 1370.7], [1518.9, 1580.4]]),
    ]
    static let classes = [20, 80]

    static func design(
        _ name: String, classes: Int, objectness: RegionProposal.Objectness = .softmax,
        branches: ShuffleUnit.Branches = .even
    ) throws -> ThunderNetDesign {
        var unit = ShuffleUnit()
        unit.branches = branches
        let backbone = try #require(BackboneCatalog.backbone(name, unit: unit))
        var design = ThunderNetDesign(backbone: backbone, classes: classes)
        design.objectness = objectness
        return design
    }

    static func cost(_ design: ThunderNetDesign, side: Int = 320) -> Double {
        let graph = DetectorGraph(design, width: side, height: side)
        return millions(Cost(graph.body)) + millions(Cost(graph.head))
    }

    static func manifest(_ design: ThunderNetDesign) -> WeightManifest {
        DetectorGraph(design, width: 320, height: 320).manifest
    }

    @Test(arguments: columns)
    func parametersMatchTheTable(_ column: Column) throws {
        for (index, classes) in Self.classes.enumerated() {
            let softmax = Self.manifest(try Self.design(column.name, classes: classes))
            #expect(softmax.parameterCount() == column.softmax[index])
            #expect(softmax.parameterCount(under: "context") == column.context)
            #expect(softmax.parameterCount(under: "proposal") == 108_397)
            #expect(softmax.parameterCount(under: "attention") == 63_210)
            #expect(softmax.parameterCount(under: "head") == [277_529, 339_029][index])
            let sigmoid = Self.manifest(
                try Self.design(column.name, classes: classes, objectness: .sigmoid))
            #expect(sigmoid.parameterCount() == column.sigmoid[index])
            #expect(sigmoid.parameterCount(under: "proposal") == 101_972)
        }
    }

    @Test(arguments: columns)
    func costOfPartsMatchesTheTable(_ column: Column) throws {
        let graph = DetectorGraph(
            try Self.design(column.name, classes: 20), width: 320, height: 320)
        let cost = Cost(graph.body)
        for (part, expected) in column.parts {
            let counted = millions(cost, under: part)
            #expect(abs(counted - expected) < 0.00501, "\(part): \(counted)")
        }
        #expect(abs(millions(Cost(graph.head)) - 55.30) < 0.00501)
        #expect(Cost(graph.pooling).multiplyAdds() == 0)
    }

    @Test(arguments: columns)
    func costOfDetectorsMatchesTheTable(_ column: Column) throws {
        for (index, classes) in Self.classes.enumerated() {
            let counted = Self.cost(try Self.design(column.name, classes: classes))
            #expect(abs(counted - column.total[index]) < 0.0501)
        }
        for (side, expected) in zip(Self.sides, column.bySide) {
            let counted = Self.cost(try Self.design(column.name, classes: 80), side: side)
            #expect(abs(counted - expected) < 0.0501, "\(side) pixels: \(counted)")
        }
    }

    @Test(arguments: columns)
    func costOfVariantsMatchesTheTable(_ column: Column) throws {
        for (index, classes) in Self.classes.enumerated() {
            var design = try Self.design(
                column.name, classes: classes, objectness: .sigmoid, branches: .keep)
            #expect(abs(Self.cost(design) - column.readings[0][index]) < 0.0501)
            design.head.boxes = .classSpecific
            #expect(abs(Self.cost(design) - column.readings[1][index]) < 0.0501)
            let official = ThunderNetDesign.repositoryPreset(
                backbone: design.backbone, classes: classes)
            #expect(abs(Self.cost(official) - column.readings[2][index]) < 0.0501)
        }
    }

    @Test func officialVariantHasThePublishedParameters() throws {
        var unit = ShuffleUnit()
        unit.branches = .keep
        let backbone = try #require(BackboneCatalog.backbone("snet146", unit: unit))
        let design = ThunderNetDesign.repositoryPreset(backbone: backbone, classes: 80)
        #expect(Self.manifest(design).parameterCount() == 3_247_358)
    }

    @Test(arguments: BackboneCatalog.names)
    func everyBackboneGivesADetector(_ name: String) throws {
        let graph = DetectorGraph(try Self.design(name, classes: 6), width: 96, height: 64)
        let shapes = graph.body.outputs.map { graph.body.shape($0.value) }
        #expect(graph.body.outputs.map(\.name) == ["objectness", "deltas", "attended"])
        #expect(
            shapes == [
                Shape(channels: 50, height: 4, width: 6), Shape(channels: 100, height: 4, width: 6),
                Shape(channels: 245, height: 4, width: 6),
            ])
        #expect(graph.head.outputs.map(\.name) == ["classLogits", "boxDeltas"])
    }

    @Test(arguments: ["snet49", "snet146"])
    func strideEightDoublesTheMapAndAddsOneLayer(_ name: String) throws {
        let paper = try Self.design(name, classes: 6)
        var fine = paper
        fine.pooling.stride = 8
        let graph = DetectorGraph(fine, width: 96, height: 64)
        #expect(
            graph.body.outputs.map { graph.body.shape($0.value) } == [
                Shape(channels: 50, height: 8, width: 12),
                Shape(channels: 100, height: 8, width: 12),
                Shape(channels: 245, height: 8, width: 12),
            ])
        let added = Set(graph.manifest.entries.map(\.name))
            .subtracting(Self.manifest(paper).entries.map(\.name))
        #expect(added == ["context.c3.weight", "context.c3.bias"])
    }
}
