public import Tensors

/// Parameters of a ThunderNet's graphs.
public struct ThunderNetDesign: Sendable {
    /// The feature extractor.
    public var backbone: any Backbone
    /// Anchors per cell.
    public var anchors = 25
    /// Form of the objectness.
    public var objectness = RegionProposal.Objectness.sigmoid
    /// RoI pooling of the attended map.
    public var pooling = RegionPool(
        bins: 7, depth: 5, samples: 2, reduction: .average, isAligned: true, stride: 16)
    /// Upper limit of regions for the head.
    public var regions = 200
    /// The head.
    public var head: RegionHead
    /// Added to variances for numerical stability.
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

/// The networks of a ThunderNet.
///
/// The selection of proposals between body and pooling is not part of a graph.
public struct DetectorGraph: Sendable {
    /// The body: from `input` to `objectness`, `deltas` and `attended`.
    public let body: Graph
    /// RoI pooling: from `attended` and `regions` (corners in input pixels) to `pooled`, without weights.
    public let pooling: Graph
    /// The head: from `pooled`, one row per region, to `classLogits` and `boxDeltas`.
    public let head: Graph
    /// The feature maps inside ``body``.
    public let features: BackboneFeatures

    /// Builds the networks for one input size.
    ///
    /// - Parameters:
    ///   - design: Parameters of the networks.
    ///   - width: Width of the input in pixels, a multiple of 32.
    ///   - height: Height of the input in pixels, a multiple of 32.
    ///   - keepsFeatures: True to declare the feature maps as the outputs `pool`, `stage2`, `c4` and `c5`.
    public init(
        _ design: ThunderNetDesign, width: Int, height: Int, keepsFeatures: Bool = false
    ) {
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: height, width: width), name: "input")
        let features = graph.scoped("backbone") { design.backbone.features(of: image, in: &$0) }
        let context = ContextEnhancement(
            channels: design.pooledChannels, stride: design.pooling.stride)(features, in: &graph)
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

    /// The tensors of all networks, which share a file.
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
    /// Channels of the context map, and of a pooled region.
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
