public import Tensors

/// Everything about a model that is not a weight: the JSON under the key `model` of a model file's metadata.
///
/// Reading is checking: an unknown key, a value out of its range, another architecture are errors that name
/// themselves. Required are `format`, `version`, `backbone`, `classes`, `input.width` and `input.height`;
/// whatever else is missing takes the value that is written here.
public struct ModelDescription: Hashable, Sendable {
    /// What pictures become before they enter the network.
    public struct Input: Hashable, Sendable {
        /// Default width in pixels, a multiple of 32.
        public var width: Int
        /// Default height in pixels, a multiple of 32.
        public var height: Int
        /// Order of channels, means and deviations; by default RGB with those of ImageNet.
        public var normalization: PictureNormalization
        /// How a picture of another proportion is made to fit; by default stretched.
        public var fit: PictureFit
    }

    /// How the head reads regions and what its outputs mean.
    public struct Head: Hashable, Sendable {
        /// Where the score of "nothing" stands among the classes.
        public enum Background: String, Hashable, Sendable, CaseIterable {
            /// Before all classes.
            case first
            /// After all classes.
            case last
        }

        /// Whether one box serves all classes.
        public var boxes = RegionHead.Boxes.classAgnostic
        /// What the box outputs are multiplied by: x, y, width, height.
        public var deviations: [Float] = [0.1, 0.1, 0.2, 0.2]
        /// Where the score of "nothing" stands.
        public var background = Background.last
        /// Dense layers before the outputs, 1 or 2.
        public var layers = 1
        /// Width of the dense layers.
        public var width = 1024
    }

    /// How claims about the same object are thinned out.
    public struct SuppressionRule: Hashable, Sendable {
        /// What happens to a claim that overlaps a better one of its class.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// It goes.
            case hard
            /// Its score is multiplied by one less the overlap.
            case linear = "soft-linear"
            /// Its score is multiplied by a Gaussian of the overlap.
            case gaussian = "soft-gaussian"
        }

        /// What happens to a claim that overlaps a better one.
        public var kind = Kind.hard
        /// Intersection over union above which two claims mean the same object.
        public var overlap: Float = 0.45
        /// Claims must score more than this.
        public var score: Float = 0.01
        /// Claims kept at most.
        public var limit = 100
        /// Width of the Gaussian; read by that kind only.
        public var sigma: Float = 0.5
    }

    /// One measured figure.
    public struct Accuracy: Hashable, Sendable {
        /// What was measured on: `driving dev (961 pictures)`.
        public var data: String
        /// Input width in pixels.
        public var width: Int
        /// Input height in pixels.
        public var height: Int
        /// COCO average precision, 0 to 1.
        public var averagePrecision: Float
        /// The same at an overlap of one half.
        public var averagePrecision50: Float

        /// A figure by its parts.
        public init(
            data: String, width: Int, height: Int, averagePrecision: Float,
            averagePrecision50: Float
        ) {
            self.data = data
            self.width = width
            self.height = height
            self.averagePrecision = averagePrecision
            self.averagePrecision50 = averagePrecision50
        }
    }

    /// What products may be computed in besides float32, and what that costs.
    public struct Narrowing: Hashable, Sendable {
        /// The products that stand 8 bits, and the range of the inputs of each, by the names of their nodes.
        public var ranges: [String: ClosedRange<Float>] = [:]
        /// Average precision that bfloat16 loses against float32; nil where nobody measured.
        public var bfloat16Loss: Float?
        /// Average precision that 8 bits lose against float32; nil where nobody measured.
        public var int8Loss: Float?
        /// What was measured on.
        public var data = ""

        /// Nothing but float32.
        public init() {}
    }

    /// Short name; by default that of the file.
    public var name: String
    /// Name of the backbone (``BackboneCatalog/names``).
    public var backbone: String
    /// Names of the classes, without the background.
    public var classes: [String]
    /// What pictures become before they enter the network.
    public var input: Input
    /// Where proposals start; by default the paper's 25 anchors, offset 0.5.
    public var anchors = AnchorDesign()
    /// How objectness is expressed; by default sigmoid.
    public var objectness = RegionProposal.Objectness.sigmoid
    /// Logarithms of size changes are held within ± this; by default ln(1000/16).
    public var deltaLimit: Float = 4.135
    /// How many proposals; by default 2,000 looked at, 200 kept, overlap 0.7, sides of 4.
    public var proposals = ProposalRule()
    /// How regions are pooled; by default 7×7 bins of 5 channels, 2×2 samples averaged, aligned.
    public var pooling = RegionPool(
        bins: 7, depth: 5, samples: 2, reduction: .average, isAligned: true, stride: 16)
    /// How the head is built; by default one layer of 1,024 and class-agnostic boxes.
    public var head = Head()
    /// How claims are thinned out; by default hard, overlap 0.45, above 0.01, at most 100.
    public var suppression = SuppressionRule()
    /// How ShuffleNet units split and mix channels; by default evenly, mixed after concatenation.
    public var unit = ShuffleUnit()
    /// Where the weights come from and on what terms: free keys such as `data`, `licence`, `author`.
    public var provenance: [String: String] = [:]
    /// What was measured.
    public var accuracy: [Accuracy] = []
    /// What products may be computed in besides float32.
    public var narrowing = Narrowing()

    /// A description with every default.
    public init(name: String, backbone: String, classes: [String], width: Int, height: Int) {
        self.name = name
        self.backbone = backbone
        self.classes = classes
        input = Input(
            width: width, height: height, normalization: .imageNet, fit: .stretch)
    }
}

extension ModelDescription {
    /// The graphs' numbers.
    ///
    /// - Throws: `ModelError` when the backbone's name is unknown.
    public func design() throws(ModelError) -> ThunderNetDesign {
        guard
            let net = BackboneCatalog.backbone(backbone, unit: unit, epsilon: unit.epsilon)
        else {
            throw ModelError(
                .unsupported, problem: "its description asks for an unknown backbone \(backbone)",
                advice: "Known: \(BackboneCatalog.names.joined(separator: ", ")).")
        }
        var design = ThunderNetDesign(backbone: net, classes: classes.count)
        design.anchors = anchors.count
        design.objectness = objectness
        design.pooling = pooling
        design.regions = proposals.after
        design.head.boxes = head.boxes
        design.head.layers = head.layers
        design.head.width = head.width
        design.epsilon = unit.epsilon
        return design
    }

    /// Whether a network can be built for an input size.
    ///
    /// - Throws: `ModelError` unless both sides are multiples of 32 from 32 to 8,192.
    public static func checkInput(width: Int, height: Int) throws(ModelError) {
        for side in [width, height] where side % 32 != 0 || !(32...8192).contains(side) {
            throw ModelError(
                .unsupported, problem: "cannot work at an input of \(width)×\(height)",
                advice: "Both sides must be multiples of 32, from 32 to 8192: "
                    + "\(nearest(width))×\(nearest(height)) would do.")
        }
    }

    private static func nearest(_ side: Int) -> Int {
        let limited = max(32, min(side, 8192))
        return (limited + 16) / 32 * 32
    }
}

extension PictureNormalization {
    /// ImageNet's means and deviations, RGB.
    public static let imageNet = PictureNormalization(
        channels: .rgb, mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375])
}
