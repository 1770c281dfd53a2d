public import Tensors

/// Description of a model without its weights: the JSON under the key `model` of a model file's metadata.
///
/// Unknown keys, values out of range and other architectures are errors. `format`, `version`, `backbone`, `classes`,
/// `input.width` and `input.height` are required; other keys default to the values below.
public struct ModelDescription: Hashable, Sendable {
    /// The network's input and its preprocessing.
    public struct Input: Hashable, Sendable {
        /// Default width in pixels, a multiple of 32.
        public var width: Int
        /// Default height in pixels, a multiple of 32.
        public var height: Int
        /// Order of channels, means and deviations; by default RGB with those of ImageNet.
        public var normalization: InputNormalization
        /// Fit of images with another aspect ratio; by default stretched.
        public var fit: ImageFit
    }

    /// Design of the head and meaning of its outputs.
    public struct Head: Hashable, Sendable {
        /// Position of the background among the classes.
        public enum Background: String, Hashable, Sendable, CaseIterable {
            /// Before all classes.
            case first
            /// After all classes.
            case last
        }

        /// One box for all classes, or one per class.
        public var boxes = RegionHead.Boxes.classAgnostic
        /// Factors of the box outputs: x, y, width, height.
        public var deviations: [Float] = [0.1, 0.1, 0.2, 0.2]
        /// Position of the background among the classes.
        public var background = Background.last
        /// Dense layers before the outputs, 1 or 2.
        public var layers = 1
        /// Width of the dense layers.
        public var width = 1024
    }

    /// Parameters of non-maximum suppression.
    public struct SuppressionRule: Hashable, Sendable {
        /// Treatment of a detection that overlaps a better one of its class.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// The detection is removed.
            case hard
            /// The score is multiplied by 1 − overlap.
            case linear = "soft-linear"
            /// The score is multiplied by a Gaussian of the overlap.
            case gaussian = "soft-gaussian"
        }

        /// Treatment of a detection that overlaps a better one.
        public var kind = Kind.hard
        /// IoU above which two detections are the same object.
        public var overlap: Float = 0.45
        /// Detections must score more than this.
        public var score: Float = 0.01
        /// Upper limit of detections.
        public var limit = 100
        /// Width of the Gaussian; used by that kind only.
        public var sigma: Float = 0.5
    }

    /// One measurement of average precision.
    public struct Accuracy: Hashable, Sendable {
        /// Data set of the measurement, such as `driving dev (961 pictures)`.
        public var data: String
        /// Input width in pixels.
        public var width: Int
        /// Input height in pixels.
        public var height: Int
        /// COCO average precision, 0 to 1.
        public var averagePrecision: Float
        /// Average precision at IoU 0.5, 0 to 1.
        public var averagePrecision50: Float

        /// Creates a measurement.
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

    /// Support for precisions below float32, with their loss of average precision.
    public struct LowPrecision: Hashable, Sendable {
        /// Ranges of the inputs of layers computed in 8 bits, by the names of their nodes.
        public var ranges: [String: ClosedRange<Float>] = [:]
        /// AP of float32 minus AP of bfloat16; nil when not measured.
        public var bfloat16Loss: Float?
        /// AP of float32 minus AP of 8 bits; nil when not measured.
        public var int8Loss: Float?
        /// Data set of the measurement.
        public var data = ""

        /// Float32 only.
        public init() {}
    }

    /// Short name; by default the file's name.
    public var name: String
    /// Name of the backbone (``BackboneCatalog/names``).
    public var backbone: String
    /// Names of the classes, without the background.
    public var classes: [String]
    /// The network's input and its preprocessing.
    public var input: Input
    /// Design of the anchors; by default the paper's 25, offset 0.5.
    public var anchors = AnchorDesign()
    /// Form of the objectness; by default sigmoid.
    public var objectness = RegionProposal.Objectness.sigmoid
    /// Upper limit of the absolute logarithm of a size change; by default ln(1000/16).
    public var deltaLimit: Float = 4.135
    /// Selection of proposals; by default 200 of 2,000 anchors, IoU 0.7, sides of 4 pixels.
    public var proposals = ProposalRule()
    /// RoI pooling; by default 7×7 bins of 5 channels, the average of 2×2 samples, aligned.
    public var pooling = RegionPool(
        bins: 7, depth: 5, samples: 2, reduction: .average, isAligned: true, stride: 16)
    /// The head; by default one layer of 1,024 and class-agnostic boxes.
    public var head = Head()
    /// Non-maximum suppression; by default hard, IoU 0.45, scores above 0.01, at most 100 detections.
    public var suppression = SuppressionRule()
    /// Variant of the ShuffleNet units; by default even branches, shuffle after the concatenation.
    public var unit = ShuffleUnit()
    /// Origin and terms of the weights: free keys such as `data`, `licence`, `author`.
    public var provenance: [String: String] = [:]
    /// Measured average precision.
    public var accuracy: [Accuracy] = []
    /// Support for precisions below float32.
    public var lowPrecision = LowPrecision()

    /// Creates a description with default values.
    public init(name: String, backbone: String, classes: [String], width: Int, height: Int) {
        self.name = name
        self.backbone = backbone
        self.classes = classes
        input = Input(
            width: width, height: height, normalization: .imageNet, fit: .stretch)
    }
}

extension ModelDescription {
    /// Parameters of the graphs.
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
        design.pooling.stride = anchors.stride
        design.regions = proposals.after
        design.head.boxes = head.boxes
        design.head.layers = head.layers
        design.head.width = head.width
        design.epsilon = unit.epsilon
        return design
    }

    /// Checks that a network can be built for an input size.
    ///
    /// - Throws: `ModelError` unless both sides are multiples of 32 from 32 to 8,192.
    public static func checkInput(width: Int, height: Int) throws(ModelError) {
        for side in [width, height] where side % 32 != 0 || !(32...8192).contains(side) {
            throw ModelError(
                .unsupported, problem: "does not support an input of \(width)×\(height)",
                advice: "Both sides must be multiples of 32, from 32 to 8192: "
                    + "\(nearest(width))×\(nearest(height)) is the nearest size.")
        }
    }

    private static func nearest(_ side: Int) -> Int {
        let limited = max(32, min(side, 8192))
        return (limited + 16) / 32 * 32
    }
}

extension InputNormalization {
    /// ImageNet's means and standard deviations, RGB.
    public static let imageNet = InputNormalization(
        channels: .rgb, mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375])
}
