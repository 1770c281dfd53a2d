import Tensors
import Testing

@testable import ThunderNet

struct ModelDescriptionTests {
    static let shortest = """
        {"format": "thunderline-model", "version": 1, "backbone": "snet49",
         "classes": ["car", "person"], "input": {"width": 320, "height": 256}}
        """

    /// A replacement in the shortest description, and the text that the error must contain.
    struct Fault: Sendable {
        var part: String
        var replacement: String
        var mention: String

        init(_ part: String, _ replacement: String, _ mention: String) {
            (self.part, self.replacement, self.mention) = (part, replacement, mention)
        }
    }

    static let faults = [
        Fault("thunderline-model", "other-model", "format"),
        Fault("\"version\": 1", "\"version\": 2", "version"),
        Fault("snet49", "snet50", "snet50"),
        Fault("\"snet49\"", "49", "backbone"),
        Fault("\"backbone\": \"snet49\",", "", "backbone is missing"),
        Fault("[\"car\", \"person\"]", "[]", "no class"),
        Fault("[\"car\", \"person\"]", "[\"car\", \"car\"]", "twice"),
        Fault("[\"car\", \"person\"]", "[\"car\", 7]", "classes[1]"),
        Fault("320", "330", "330×256"),
        Fault("320", "1e30", "input.width"),
        Fault("320", "3.5", "input.width"),
        Fault("320", "\"320\"", "input.width"),
        Fault("256}", "256, \"colour\": \"rgb\"}", "input.colour"),
        Fault("256}", "256, \"std\": [1, 1, 0]}", "input.std[2]"),
        Fault("256}", "256, \"mean\": [1, 1]}", "input.mean"),
        Fault("256}", "256, \"range\": 100}", "input.range"),
        Fault("256}", "256, \"resize\": \"crop\"}", "input.resize"),
        Fault("256}}", "256}, \"detector\": \"yolo\"}", "detector"),
        Fault("256}}", "256}, \"anchor\": {}}", "unknown key anchor"),
        Fault("256}}", "256}, \"anchors\": {\"scales\": []}}", "anchors.scales"),
        Fault("256}}", "256}, \"anchors\": {\"stride\": 12}}", "anchors.stride"),
        Fault("256}}", "256}, \"anchors\": {\"order\": \"ratio\"}}", "anchors.order"),
        Fault("256}}", "256}, \"anchors\": []}", "anchors"),
        Fault("256}}", "256}, \"objectness\": \"relu\"}", "objectness"),
        Fault("256}}", "256}, \"proposals\": {\"after\": 1000000}}", "proposals.after"),
        Fault("256}}", "256}, \"pooling\": {\"reduce\": \"median\"}}", "pooling.reduce"),
        Fault(
            "256}}",
            "256}, \"proposals\": {\"after\": 10000}, \"pooling\": {\"bins\": 31, \"depth\": 64}}",
            "10000 regions"),
        Fault("256}}", "256}, \"pooling\": {\"aligned\": 1}}", "pooling.aligned"),
        Fault("256}}", "256}, \"pooling\": {\"channelOrder\": \"row\"}}", "pooling.channelOrder"),
        Fault(
            "256}}", "256}, \"lowPrecision\": {\"ranges\": {\"a\": [1, 2]}}}",
            "lowPrecision.ranges.a"),
        Fault("256}}", "256}, \"lowPrecision\": {\"int8Loss\": 2}}", "lowPrecision.int8Loss"),
        Fault("256}}", "256}, \"head\": {\"layers\": 3}}", "head.layers"),
        Fault("256}}", "256}, \"unit\": {\"shuffle\": \"never\"}}", "unit.shuffle"),
        Fault("256}}", "256}, \"suppression\": {\"kind\": \"soft\"}}", "suppression.kind"),
        Fault(
            "256}}", "256}, \"accuracy\": [{\"data\": \"x\", \"width\": 1}]}", "accuracy[0].height"),
        Fault("256}}", "256", "not JSON"),
    ]

    @Test func missingKeysTakeTheirDefaults() throws {
        let description = try ModelDescription(json: Self.shortest, name: "file")
        var expected = ModelDescription(
            name: "file", backbone: "snet49", classes: ["car", "person"], width: 320, height: 256)
        expected.input.fit = .stretch
        #expect(description == expected)
        #expect(description.anchors.count == 25)
        #expect(description.proposals.after == 200)
    }

    @Test(arguments: faults)
    func errorsNameTheKey(_ fault: Fault) throws {
        let text = Self.shortest.replacing(fault.part, with: fault.replacement)
        try #require(text != Self.shortest)
        let error = #expect(throws: ModelError.self) { try ModelDescription(json: text) }
        #expect(error?.description.contains(fault.mention) == true, "\(error?.description ?? "")")
    }

    @Test func deepNestingIsAnError() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: ModelError.self) { try ModelDescription(json: deep) }
    }

    @Test func writtenDescriptionReadsBackEqual() throws {
        var description = try ModelDescription(json: Self.shortest)
        description.input.normalization = InputNormalization(
            channels: .bgr, mean: [0.1, 2, 3], deviation: [1, 57.375, 3])
        description.input.fit = .letterbox
        description.anchors.order = .ratioThenScale
        description.anchors.ratio = .widthOverHeight
        description.anchors.offset = 0
        description.objectness = .softmax
        description.deltaLimit = 4
        description.proposals.minimumSide = 0.5
        description.pooling.reduction = .maximum
        description.pooling.isAligned = false
        description.head.boxes = .classSpecific
        description.head.background = .first
        description.head.layers = 2
        description.suppression.kind = .gaussian
        description.unit.branches = .keep
        description.unit.shuffle = .beforeSplit
        description.unit.epsilon = 1e-3
        description.provenance = ["licence": "none \"yet\""]
        description.lowPrecision.ranges = ["context.c5": -1.5...2]
        description.lowPrecision.int8Loss = 0.001
        description.lowPrecision.data = "some pictures"
        description.accuracy = [
            ModelDescription.Accuracy(
                data: "x", width: 320, height: 256, averagePrecision: 0.0893,
                averagePrecision50: 0.1762)
        ]
        #expect(try ModelDescription(json: description.json) == description)
    }

    /// Files of earlier releases use the key `narrowing`.
    @Test func deprecatedKeyOfLowPrecisionIsRead() throws {
        let text = Self.shortest.replacing(
            "256}}", with: "256}, \"narrowing\": {\"int8Loss\": 0.25}}")
        #expect(try ModelDescription(json: text).lowPrecision.int8Loss == 0.25)
    }

    @Test func meansOfUnitRangeAreScaledToBytes() throws {
        let text = Self.shortest.replacing(
            "256}", with: "256, \"range\": 1, \"mean\": [0.5, 0, 1], \"std\": [1, 0.5, 1]}")
        let description = try ModelDescription(json: text)
        #expect(description.input.normalization.mean == [127.5, 0, 255])
        #expect(description.input.normalization.deviation == [255, 127.5, 255])
    }

    @Test(arguments: [(0, 320), (320, -32), (330, 320), (320, 8224), (16, 32)])
    func unsupportedInputSizesAreErrorsWithARemedy(_ width: Int, _ height: Int) {
        let error = #expect(throws: ModelError.self) {
            try ModelDescription.checkInput(width: width, height: height)
        }
        #expect(error?.advice?.contains("multiples of 32") == true)
    }
}
