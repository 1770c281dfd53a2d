import ArgumentParser
import Configuration
import Foundation
import Pipeline
import Tensors
import ThunderNet

/// The description of a model for people, or as JSON.
struct ModelCard {
    private let description: ModelDescription
    private let parameters: Int
    private let multiplyAdds: Int

    /// Counts a model at its own input size.
    init(_ model: Model) throws(ModelError) {
        description = model.description
        let input = description.input
        let graph = try description.graph(width: input.width, height: input.height)
        parameters = graph.manifest.parameterCount()
        multiplyAdds = Cost(graph.body).multiplyAdds() + Cost(graph.head).multiplyAdds()
    }

    /// One JSON object: the counts, and the description as the model file holds it.
    var json: String {
        """
        {"parameters":\(parameters),"multiplyAdds":\(multiplyAdds),"description":\(description.json)}
        """
    }

    /// One line per property.
    var text: String {
        ([("model", description.name)] + properties + accuracy + precisions + provenance)
            .map { name, value in name.padding(toLength: 14, withPad: " ", startingAt: 0) + value }
            .joined(separator: "\n")
    }

    private var properties: [(String, String)] {
        let input = description.input
        let channels = input.normalization.channels.rawValue.uppercased()
        let classes = description.classes
        return [
            ("detector", "ThunderNet on the backbone \(description.backbone)"),
            ("classes", "\(classes.count): \(classes.joined(separator: ", "))"),
            ("input", "\(input.width)×\(input.height) \(channels), \(input.fit.rawValue)"),
            ("parameters", "\(parameters.inMillions) million"),
            ("multiply-adds", "\(multiplyAdds.inMillions) million per frame"),
        ]
    }

    private var accuracy: [(String, String)] {
        guard !description.accuracy.isEmpty else { return [("accuracy", "not measured")] }
        return description.accuracy.enumerated().map { index, figure in
            let precision = String(
                format: "AP %.4f, AP50 %.4f", figure.averagePrecision, figure.averagePrecision50)
            return (
                index == 0 ? "accuracy" : "",
                "\(precision) at \(figure.width)×\(figure.height) on \(figure.data)"
            )
        }
    }

    private var precisions: [(String, String)] {
        let lowPrecision = description.lowPrecision
        let data = lowPrecision.data.isEmpty ? "" : " on \(lowPrecision.data)"
        func line(_ loss: Float?, _ note: String) -> String {
            guard let loss else { return "loss not measured\(note)" }
            let change = loss < 0 ? "gains" : "loses"
            return String(format: "\(change) %.4f AP against float32", abs(loss)) + data + note
        }
        let layers = lowPrecision.ranges.count
        let int8 =
            layers == 0
            ? "not calibrated"
            : line(lowPrecision.int8Loss, ", \(layers) layers in 8 bits")
        return [("bfloat16", line(lowPrecision.bfloat16Loss, "")), ("int8", int8)]
    }

    /// The licence first, then the other entries by name.
    private var provenance: [(String, String)] {
        let licences = ["licence", "license", "terms"]
        let entries = description.provenance
        let licence = licences.compactMap { entries[$0] }
        let others = entries.filter { !licences.contains($0.key) }.sorted { $0.key < $1.key }
        return (licence.isEmpty ? ["not stated"] : licence).map { ("licence", $0) }
            + others.map { ($0.key, $0.value) }
    }
}

extension Int {
    /// The number in millions, with three significant digits below 100.
    fileprivate var inMillions: String {
        let millions = Double(self) / 1e6
        return String(format: millions < 100 ? "%.3g" : "%.0f", millions)
    }
}
