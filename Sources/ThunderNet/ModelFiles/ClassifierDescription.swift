import Foundation
public import Tensors

/// Description of a classifier without its weights: the JSON under the key `classifier` of a file's metadata.
///
/// The weights of its backbone have the names of a detector's, so that a detector can start from the file. `backbone`,
/// `classes`, `input.width` and `input.height` are required.
public struct ClassifierDescription: Hashable, Sendable {
    /// One measurement on held-out images.
    public struct Accuracy: Hashable, Sendable {
        /// Data set of the measurement.
        public var data: String
        /// Share of images whose class has the greatest output, 0 to 1.
        public var top1: Float
        /// Share of images whose class is among the five greatest outputs, 0 to 1.
        public var top5: Float

        /// Creates a measurement.
        public init(data: String, top1: Float, top5: Float) {
            self.data = data
            self.top1 = top1
            self.top5 = top5
        }
    }

    /// Key of the description in a file's metadata.
    public static let key = "classifier"

    /// Name of the classifier.
    public var name: String
    /// Name of the backbone, one of ``BackboneCatalog/names``.
    public var backbone: String
    /// Names of the classes in the order of the outputs.
    public var classes: [String]
    /// The network's input and its preprocessing.
    public var input: ModelDescription.Input
    /// Variant of the ShuffleNet units.
    public var unit = ShuffleUnit()
    /// Stride of the first layers: 4, or less for small images.
    public var stemStride = 4
    /// Data, start and terms by free keys.
    public var provenance: [String: String] = [:]
    /// Measurements of accuracy.
    public var accuracy: [Accuracy] = []

    /// Creates a description with default preprocessing.
    public init(name: String, backbone: String, classes: [String], width: Int, height: Int) {
        self.name = name
        self.backbone = backbone
        self.classes = classes
        input =
            ModelDescription(
                name: name, backbone: backbone, classes: classes, width: width, height: height
            ).input
    }

    /// The network at an input size.
    ///
    /// - Throws: `ModelError` for an unknown backbone, or unless both sides are multiples of 32.
    public func graph(width: Int, height: Int) throws(ModelError) -> Graph {
        try ModelDescription.checkInput(width: width, height: height)
        guard let net = BackboneCatalog.backbone(backbone, unit: unit, epsilon: unit.epsilon) else {
            throw ModelError(
                .unsupported, problem: "its description has an unknown backbone \(backbone)",
                advice: "Known are \(BackboneCatalog.names.joined(separator: ", ")).")
        }
        return Classifier.graph(
            net, width: width, height: height, classes: classes.count, stemStride: stemStride)
    }
}

/// JSON.
extension ClassifierDescription {
    /// Reads the JSON text of a file's metadata.
    ///
    /// - Throws: `ModelError` with the key and the problem.
    public init(json text: String) throws(ModelError) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
            throw ModelError(.damaged, problem: "its description is not JSON")
        }
        var section = try DescriptionSection(value)
        let input = try section.section("input") { s throws(ModelError) in
            try ModelDescription.Input(&s)
        }
        self.init(
            name: try section.string("name", default: "classifier"),
            backbone: try section.string("backbone"), classes: try section.strings("classes"),
            width: input.width, height: input.height)
        self.input = input
        unit = try section.section("unit") { s throws(ModelError) in try ShuffleUnit(&s) }
        unit.epsilon = try section.number("normEpsilon", in: 0...1, default: unit.epsilon)
        stemStride = try section.whole("stemStride", in: 1...4, default: stemStride)
        provenance = try section.section("provenance") { s throws(ModelError) in
            try s.freeStrings()
        }
        accuracy = try section.list("accuracy") { s throws(ModelError) in try Accuracy(&s) }
        try section.finish()
    }

    /// The JSON text for a file's metadata, with sorted keys.
    public var json: String {
        let members: [String: JSONValue] = [
            "name": .string(name), "backbone": .string(backbone), "classes": JSONValue(classes),
            "input": input.json, "unit": unit.json, "normEpsilon": JSONValue(unit.epsilon),
            "stemStride": JSONValue(stemStride),
            "provenance": .object(provenance.mapValues { .string($0) }),
            "accuracy": .array(accuracy.map(\.json)),
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? encoder.encode(JSONValue.object(members))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension ClassifierDescription.Accuracy {
    fileprivate init(_ section: inout DescriptionSection) throws(ModelError) {
        self.init(
            data: try section.string("data"),
            top1: try section.number("top1", in: 0...1, default: 0),
            top5: try section.number("top5", in: 0...1, default: 0))
    }

    fileprivate var json: JSONValue {
        .object([
            "data": .string(data), "top1": JSONValue(top1), "top5": JSONValue(top5),
        ])
    }
}
