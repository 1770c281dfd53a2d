public import Tensors

/// A feature extractor: a network from an image to feature maps.
public protocol Backbone: Sendable {
    /// Name in model files, such as `snet146`.
    var name: String { get }

    /// Appends the layers to `graph` and returns the feature maps.
    ///
    /// The caller opens the scope for the names of weights.
    func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures
}

/// The feature maps of a ``Backbone``, one per stride.
public struct BackboneFeatures: Sendable {
    /// Stride 4; in SNets and MENets the output of the max pooling.
    public var stride4: Graph.Value
    /// Stride 8.
    public var stride8: Graph.Value
    /// Stride 16: C4 of the papers.
    public var c4: Graph.Value
    /// Stride 32: C5 of the papers.
    public var c5: Graph.Value

    /// Creates features from maps.
    public init(stride4: Graph.Value, stride8: Graph.Value, c4: Graph.Value, c5: Graph.Value) {
        self.stride4 = stride4
        self.stride8 = stride8
        self.c4 = c4
        self.c5 = c5
    }
}

/// A classifier on a backbone, as trained on ImageNet: global average pooling and one dense layer on C5.
public enum Classifier {
    /// A classification network with the input `image` and the output `logits`.
    ///
    /// - Parameters:
    ///   - backbone: The feature extractor.
    ///   - width: Width of the input in pixels.
    ///   - height: Height of the input in pixels.
    ///   - classes: Number of classes.
    ///   - stemStride: Stride of the first layers; 2 or 1 for small images.
    /// - Returns: The network.
    public static func graph(
        _ backbone: any Backbone, width: Int, height: Int, classes: Int, stemStride: Int = 4
    ) -> Graph {
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: height, width: width), name: "image")
        let c5 = graph.scoped("backbone") { backbone.features(of: image, in: &$0).c5 }
        let average = graph.globalAverage(c5)
        graph.output(graph.dense(average, classes, name: "classifier"), name: "logits")
        return graph.withStemStride(stemStride)
    }

    /// The network of a square input.
    public static func graph(
        _ backbone: any Backbone, side: Int = 224, classes: Int = 1000
    ) -> Graph {
        graph(backbone, width: side, height: side, classes: classes)
    }
}
