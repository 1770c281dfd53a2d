import Foundation
import Tensors

/// Writing. A written description reads back equal.
extension ModelDescription {
    /// The JSON text for a model file's metadata, with every value and sorted keys.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Encoding strings, finite numbers and lists of them cannot fail.
        guard let data = try? encoder.encode(JSONValue.object(members)) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    private var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "format": .string("thunderline-model"), "version": JSONValue(1),
            "detector": .string("thundernet"), "name": .string(name),
            "backbone": .string(backbone), "classes": JSONValue(classes),
            "input": input.json, "anchors": anchors.json,
            "objectness": .string(objectness.rawValue), "deltaLimit": JSONValue(deltaLimit),
            "proposals": proposals.json, "pooling": pooling.json, "head": head.json,
            "suppression": suppression.json, "unit": unit.json,
            "normEpsilon": JSONValue(unit.epsilon),
        ]
        if !provenance.isEmpty {
            members["provenance"] = .object(provenance.mapValues { .string($0) })
        }
        if !accuracy.isEmpty { members["accuracy"] = .array(accuracy.map(\.json)) }
        if lowPrecision != LowPrecision() { members["lowPrecision"] = lowPrecision.json }
        return members
    }
}

extension ModelDescription.Input {
    var json: JSONValue {
        .object([
            "width": JSONValue(width), "height": JSONValue(height),
            "channels": .string(normalization.channels.rawValue),
            "mean": JSONValue(normalization.mean), "std": JSONValue(normalization.deviation),
            "range": JSONValue(255), "resize": .string(fit.rawValue),
        ])
    }
}

extension AnchorDesign {
    fileprivate var json: JSONValue {
        .object([
            "stride": JSONValue(stride), "scales": JSONValue(scales), "ratios": JSONValue(ratios),
            "ratioIs": .string(ratio.rawValue), "offset": JSONValue(offset),
            "order": .string(order.rawValue),
        ])
    }
}

extension ProposalRule {
    fileprivate var json: JSONValue {
        .object([
            "before": JSONValue(before), "after": JSONValue(after), "overlap": JSONValue(overlap),
            "minimumSide": JSONValue(minimumSide),
        ])
    }
}

extension RegionPool {
    fileprivate var json: JSONValue {
        let word: PoolReduction = reduction == .average ? .average : .maximum
        return .object([
            "bins": JSONValue(bins), "depth": JSONValue(depth), "samples": JSONValue(samples),
            "reduce": .string(word.rawValue), "aligned": .boolean(isAligned),
            "channelOrder": .string("depth, row, column"),
        ])
    }
}

extension ModelDescription.Head {
    fileprivate var json: JSONValue {
        .object([
            "boxes": .string(boxes.rawValue), "deviations": JSONValue(deviations),
            "background": .string(background.rawValue), "layers": JSONValue(layers),
            "width": JSONValue(width),
        ])
    }
}

extension ModelDescription.SuppressionRule {
    fileprivate var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "overlap": JSONValue(overlap),
            "score": JSONValue(score), "limit": JSONValue(limit), "sigma": JSONValue(sigma),
        ])
    }
}

extension ShuffleUnit {
    var json: JSONValue {
        .object(["branches": .string(branches.rawValue), "shuffle": .string(shuffle.rawValue)])
    }
}

extension ModelDescription.Accuracy {
    fileprivate var json: JSONValue {
        .object([
            "data": .string(data), "width": JSONValue(width), "height": JSONValue(height),
            "AP": JSONValue(averagePrecision), "AP50": JSONValue(averagePrecision50),
        ])
    }
}

extension ModelDescription.LowPrecision {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["data": .string(data)]
        if let bfloat16Loss { members["bfloat16Loss"] = JSONValue(bfloat16Loss) }
        if let int8Loss { members["int8Loss"] = JSONValue(int8Loss) }
        if !ranges.isEmpty {
            members["ranges"] = .object(
                ranges.mapValues { JSONValue([$0.lowerBound, $0.upperBound]) })
        }
        return .object(members)
    }
}
