public import Tensors

/// A network that turns a picture into feature maps; every one of the papers is a table behind this face.
public protocol Backbone: Sendable {
    /// The name by which model files ask for it, such as `snet146`.
    var name: String { get }

    /// Appends the layers to `graph` and says which values are its feature maps.
    ///
    /// The caller opens the scope under which the weights are named.
    func features(of image: Graph.Value, in graph: inout Graph) -> BackboneFeatures
}

/// The maps of a ``Backbone``, one per halving of the picture.
public struct BackboneFeatures: Sendable {
    /// One cell for 4×4 pixels: in the SNets and MENets the output of the max pooling.
    public var stride4: Graph.Value
    /// One cell for 8×8 pixels.
    public var stride8: Graph.Value
    /// One cell for 16×16 pixels: C4 of the papers.
    public var c4: Graph.Value
    /// One cell for 32×32 pixels: C5 of the papers.
    public var c5: Graph.Value

    /// Maps by their strides.
    public init(stride4: Graph.Value, stride8: Graph.Value, c4: Graph.Value, c5: Graph.Value) {
        self.stride4 = stride4
        self.stride8 = stride8
        self.c4 = c4
        self.c5 = c5
    }
}

/// The backbone as it was trained on ImageNet: global average and one dense layer on C5.
public enum Classifier {
    /// A whole classification network; input `image`, output `logits`.
    ///
    /// - Parameters:
    ///   - backbone: What comes before the classifier.
    ///   - side: Side of the square input in pixels.
    ///   - classes: How many scores come out.
    /// - Returns: The network.
    public static func graph(
        _ backbone: any Backbone, side: Int = 224, classes: Int = 1000
    ) -> Graph {
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: side, width: side), name: "image")
        let c5 = graph.scoped("backbone") { backbone.features(of: image, in: &$0).c5 }
        let average = graph.globalAverage(c5)
        graph.output(graph.dense(average, classes, name: "classifier"), name: "logits")
        return graph
    }
}
