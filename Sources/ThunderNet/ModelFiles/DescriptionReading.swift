import Foundation
public import Tensors

/// Reading and validation.
extension ModelDescription {
    /// Reads the JSON text of a model file's metadata.
    ///
    /// - Throws: `ModelError` with the key and the problem.
    public init(json text: String, name: String = "model") throws(ModelError) {
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        } catch {
            throw ModelError(.damaged, problem: "its description is not JSON")
        }
        try self.init(value, name: name)
    }

    init(_ value: JSONValue, name fallback: String) throws(ModelError) {
        var section = try DescriptionSection(value)
        try section.expect("format", "thunderline-model", isNeeded: true)
        _ = try section.whole("version", in: 1...1)
        try section.expect("detector", "thundernet")
        let name = try section.string("name", default: fallback)
        let backbone = try section.string("backbone")
        let classes = try section.strings("classes")
        let input = try section.section("input") { s throws(ModelError) in try Input(&s) }
        self.init(
            name: name, backbone: backbone, classes: classes, width: input.width,
            height: input.height)
        self.input = input
        try readParts(&section)
        try section.finish()
        try check()
    }

    private mutating func readParts(_ section: inout DescriptionSection) throws(ModelError) {
        anchors = try section.section("anchors") { s throws(ModelError) in try AnchorDesign(&s) }
        objectness = try section.choice("objectness", default: objectness)
        deltaLimit = try section.number("deltaLimit", in: 0.1...20, default: deltaLimit)
        proposals = try section.section("proposals") { s throws(ModelError) in
            try ProposalRule(&s)
        }
        pooling = try section.section("pooling") { s throws(ModelError) in
            try RegionPool(&s, stride: anchors.stride)
        }
        head = try section.section("head") { s throws(ModelError) in try Head(&s) }
        suppression = try section.section("suppression") { s throws(ModelError) in
            try SuppressionRule(&s)
        }
        unit = try section.section("unit") { s throws(ModelError) in try ShuffleUnit(&s) }
        unit.epsilon = try section.number("normEpsilon", in: 0...1, default: unit.epsilon)
        provenance = try section.section("provenance") { s throws(ModelError) in
            try s.freeStrings()
        }
        accuracy = try section.list("accuracy") { s throws(ModelError) in try Accuracy(&s) }
        lowPrecision = try section.section("lowPrecision", deprecated: "narrowing") {
            s throws(ModelError) in try LowPrecision(&s)
        }
    }

    /// Upper limit of the numbers in all pooled regions of one frame; the paper's design needs 49,000.
    private static let pooledLimit = 1 << 25

    /// Checks constraints between keys.
    private func check() throws(ModelError) {
        guard (1...4096).contains(classes.count), Set(classes).count == classes.count else {
            throw ModelError(
                .unsupported,
                problem: "its description lists no class, too many, or one twice")
        }
        try Self.checkInput(width: input.width, height: input.height)
        let numbers = try proposals.after * design().pooledChannels
        guard numbers <= Self.pooledLimit else {
            throw ModelError(
                .unsupported,
                problem: "its description pools \(numbers) numbers for \(proposals.after) regions, "
                    + "more than the limit of \(Self.pooledLimit)")
        }
    }
}

extension ModelDescription.Input {
    init(_ section: inout DescriptionSection) throws(ModelError) {
        width = try section.whole("width", in: 1...8192)
        height = try section.whole("height", in: 1...8192)
        let channels = try section.choice("channels", default: InputNormalization.Channels.rgb)
        let range = try section.whole("range", in: 1...255, default: 255)
        guard range == 1 || range == 255 else {
            throw ModelError(
                .unsupported, problem: "its description: input.range is \(range), not 1 or 255")
        }
        let known = InputNormalization.imageNet
        let scale = Float(255 / range)
        let mean = try section.numbers("mean", in: -1000...1000, count: 3...3, default: known.mean)
        let std = try section.numbers(
            "std", in: 1e-6...1000, count: 3...3, default: known.deviation)
        normalization = InputNormalization(
            channels: channels, mean: mean.map { $0 * scale }, deviation: std.map { $0 * scale })
        fit = try section.choice("resize", default: .stretch)
    }
}

extension AnchorDesign {
    fileprivate init(_ section: inout DescriptionSection) throws(ModelError) {
        self.init()
        stride = try section.whole("stride", of: Self.strides, default: stride)
        scales = try section.numbers("scales", in: 1...8192, count: 1...32, default: scales)
        ratios = try section.numbers("ratios", in: 0.01...100, count: 1...32, default: ratios)
        ratio = try section.choice("ratioIs", default: ratio)
        offset = try section.number("offset", in: 0...1, default: offset)
        order = try section.choice("order", default: order)
    }
}

extension ProposalRule {
    fileprivate init(_ section: inout DescriptionSection) throws(ModelError) {
        self.init()
        before = try section.whole("before", in: 1...100_000, default: before)
        after = try section.whole("after", in: 1...10_000, default: after)
        overlap = try section.number("overlap", in: 0...1, default: overlap)
        minimumSide = try section.number("minimumSide", in: 0...8192, default: minimumSide)
    }
}

extension RegionPool {
    fileprivate init(_ section: inout DescriptionSection, stride: Int) throws(ModelError) {
        let bins = try section.whole("bins", in: 1...31, default: 7)
        let depth = try section.whole("depth", in: 1...64, default: 5)
        let samples = try section.whole("samples", in: 1...8, default: 2)
        let reduction = try section.choice("reduce", default: PoolReduction.average)
        let isAligned = try section.flag("aligned", default: true)
        try section.expect("channelOrder", "depth, row, column")
        self.init(
            bins: bins, depth: depth, samples: samples,
            reduction: reduction == .average ? .average : .maximum, isAligned: isAligned,
            stride: stride)
    }
}

/// `RegionPool.Reduction` as written in descriptions.
enum PoolReduction: String, CaseIterable {
    case average
    case maximum
}

extension ModelDescription.Head {
    fileprivate init(_ section: inout DescriptionSection) throws(ModelError) {
        self.init()
        boxes = try section.choice("boxes", default: boxes)
        deviations = try section.numbers(
            "deviations", in: 1e-6...100, count: 4...4, default: deviations)
        background = try section.choice("background", default: background)
        layers = try section.whole("layers", in: 1...2, default: layers)
        width = try section.whole("width", in: 1...16384, default: width)
    }
}

extension ModelDescription.SuppressionRule {
    fileprivate init(_ section: inout DescriptionSection) throws(ModelError) {
        self.init()
        kind = try section.choice("kind", default: kind)
        overlap = try section.number("overlap", in: 0...1, default: overlap)
        score = try section.number("score", in: 0...1, default: score)
        limit = try section.whole("limit", in: 1...100_000, default: limit)
        sigma = try section.number("sigma", in: 1e-3...100, default: sigma)
    }
}

extension ShuffleUnit {
    init(_ section: inout DescriptionSection) throws(ModelError) {
        self.init()
        branches = try section.choice("branches", default: branches)
        shuffle = try section.choice("shuffle", default: shuffle)
    }
}

extension ModelDescription.Accuracy {
    fileprivate init(_ section: inout DescriptionSection) throws(ModelError) {
        data = try section.string("data")
        width = try section.whole("width", in: 1...8192)
        height = try section.whole("height", in: 1...8192)
        averagePrecision = try section.number("AP", in: 0...1, default: 0)
        averagePrecision50 = try section.number("AP50", in: 0...1, default: 0)
    }
}

extension ModelDescription.LowPrecision {
    fileprivate init(_ section: inout DescriptionSection) throws(ModelError) {
        self.init()
        data = try section.string("data", default: "")
        bfloat16Loss = try section.optionalNumber("bfloat16Loss", in: -1...1)
        int8Loss = try section.optionalNumber("int8Loss", in: -1...1)
        ranges = try section.section("ranges") { s throws(ModelError) in try s.freeRanges() }
    }
}
