public import Tensors

/// The design of a ThunderNet as numbers: what the graphs are built from, whatever the weights.
public struct ThunderNetDesign: Sendable {
    /// The feature extractor.
    public var backbone: any Backbone
    /// Anchors per cell.
    public var anchors = 25
    /// How objectness is expressed.
    public var objectness = RegionProposal.Objectness.sigmoid
    /// How regions are pooled from the attended map.
    public var pooling = RegionPool(
        bins: 7, depth: 5, samples: 2, reduction: .average, isAligned: true, stride: 16)
    /// The most regions that reach the head.
    public var regions = 200
    /// The head.
    public var head: RegionHead
    /// What is added to a variance before its root is taken.
    public var epsilon: Float = 1e-5

    /// The paper's design for a backbone and a number of classes.
    public init(backbone: any Backbone, classes: Int) {
        self.backbone = backbone
        head = RegionHead(classes: classes, boxes: .classAgnostic)
    }

    /// The design of the official repository: two dense layers, boxes by class.
    public static func repositoryPreset(backbone: any Backbone, classes: Int) -> ThunderNetDesign {
        var design = ThunderNetDesign(backbone: backbone, classes: classes)
        design.head.layers = 2
        design.head.boxes = .classSpecific
        design.pooling.reduction = .maximum
        design.pooling.isAligned = false
        return design
    }
}

/// The two networks of a ThunderNet; proposals and region pooling stand between them as plain geometry.
public struct DetectorGraph: Sendable {
    /// From `input` to `objectness`, `deltas` and `attended`.
    public let body: Graph
    /// From `attended` and `regions` (corners in input pixels) to `pooled`: region pooling alone, free of weights.
    public let pooling: Graph
    /// From `pooled`, one row a region, to `classLogits` and `boxDeltas`.
    public let head: Graph
    /// The maps inside ``body``.
    public let features: BackboneFeatures

    /// Builds both networks for one input size.
    ///
    /// - Parameters:
    ///   - design: What to build.
    ///   - width: Width of the input in pixels, a multiple of 32.
    ///   - height: Height of the input in pixels, a multiple of 32.
    ///   - keepsFeatures: Declares the maps inside as the outputs `pool`, `stage2`, `c4` and `c5` too, to look at.
    public init(
        _ design: ThunderNetDesign, width: Int, height: Int, keepsFeatures: Bool = false
    ) {
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: height, width: width), name: "input")
        let features = graph.scoped("backbone") { design.backbone.features(of: image, in: &$0) }
        let context = ContextEnhancement(channels: design.pooledChannels)(
            features.c4, features.c5, in: &graph)
        let proposal = RegionProposal(
            anchors: design.anchors, objectness: design.objectness, epsilon: design.epsilon)(
                context, in: &graph)
        let attended = SpatialAttention(epsilon: design.epsilon)(
            context, features: proposal.features, in: &graph)
        graph.output(proposal.objectness, name: "objectness")
        graph.output(proposal.deltas, name: "deltas")
        graph.output(attended, name: "attended")
        if keepsFeatures { graph.declare(features) }
        body = graph
        pooling = Self.pooling(design, map: graph.shape(attended))
        head = Self.head(design)
        self.features = features
    }

    /// The tensors of all parts, as one file holds them.
    public var manifest: WeightManifest { WeightManifest([body, head]) }

    private static func pooling(_ design: ThunderNetDesign, map: Shape) -> Graph {
        var graph = Graph()
        let attended = graph.input(map, name: "attended")
        let regions = graph.input(
            Shape(channels: 4, height: design.regions, width: 1), name: "regions")
        graph.output(graph.regionPool(attended, regions, design.pooling), name: "pooled")
        return graph
    }

    private static func head(_ design: ThunderNetDesign) -> Graph {
        var graph = Graph()
        let rows = Shape(channels: design.pooledChannels, height: design.regions, width: 1)
        let pooled = graph.input(rows, name: "pooled")
        design.head(pooled, in: &graph)
        return graph
    }
}

extension ThunderNetDesign {
    /// Channels of the context map and numbers of a pooled region.
    var pooledChannels: Int { pooling.depth * pooling.bins * pooling.bins }
}

extension Graph {
    fileprivate mutating func declare(_ features: BackboneFeatures) {
        output(features.stride4, name: "pool")
        output(features.stride8, name: "stage2")
        output(features.c4, name: "c4")
        output(features.c5, name: "c5")
    }
}
