import Foundation
import Testing

@testable import Tensors

struct SafetensorsTests {
    @Test func float32IsReadBackBitIdentical() throws {
        let tensors = [
            "b.weight": noise([3, 2, 5, 5], seed: 1), "a": Tensor(dims: [], [-0.0]),
            "extremes": Tensor(
                dims: [3], [.greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity]),
        ]
        let metadata = ["model": "{\"name\": \"tab\\t \u{1}ümläut 🚗\"}", "layout": ""]
        let file = ModelFile(name: "x", metadata: metadata, tensors: tensors)
        let back = try ModelFile(decoding: bytes(file), name: "x")
        #expect(back.tensors == tensors && back.metadata == metadata)
    }

    @Test func halfPrecisionRoundsToNearest() throws {
        let file = ModelFile(name: "x", metadata: [:], tensors: ["a": noise([999], seed: 2)])
        let back = try ModelFile(decoding: bytes(file, .float16), name: "x")
        let expected = noise([999], seed: 2).values.map { Float(Float16($0)) }
        #expect(back.tensors["a"]?.values == expected)
        #expect(bytes(file, .float16).count < bytes(file).count)
    }

    @Test func valuesBeyondHalfPrecisionAreErrors() throws {
        let file = ModelFile(
            name: "x", metadata: [:], tensors: ["big": Tensor(dims: [2], [1, 7e4])])
        let error = #expect(throws: ModelError.self) {
            try Safetensors.encode(metadata: [:], tensors: file.tensors, precision: .float16)
        }
        #expect(error?.tensor == "big" && error?.problem.contains("element 1") == true)
    }

    /// `numpy.array([1, -2.5, 3.1], "<f4")` and their upper 16 bits.
    @Test func bfloat16IsConvertedToFloat32() throws {
        let data: [UInt8] = [0x80, 0x3f, 0x20, 0xc0, 0x46, 0x40]
        let file = try decode(#"{"a":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}"#, data)
        #expect(file.tensors["a"]?.values == [1, -2.5, 3.09375])
    }

    @Test func fieldsMayHaveAnyOrderAndSpacing() throws {
        let header =
            " { \"a\" : {\"data_offsets\":[ 0 , 4 ],\n\"shape\" : [ ] ,\"dtype\":\"F32\"} }  "
        #expect(try decode(header, [0, 0, 128, 63]).tensors["a"]?.values == [1])
    }

    @Test func escapesAreDecoded() throws {
        let header = #"{"__metadata__":{"k\u0041\/":"\"\\\b\f\n\r\t\u00e9\ud83d\ude97"}}"#
        #expect(try decode(header, []).metadata == ["kA/": "\"\\\u{8}\u{c}\n\r\té🚗"])
    }

    @Test func equalContentsGiveEqualBytes() {
        let tensors = Dictionary(
            uniqueKeysWithValues: (0..<50).map { ("t\($0)", Tensor(dims: [1])) })
        let a = ModelFile(name: "a", metadata: ["x": "1", "y": "2"], tensors: tensors)
        let b = ModelFile(name: "b", metadata: ["y": "2", "x": "1"], tensors: tensors)
        #expect(bytes(a) == bytes(b))
    }

    @Test(arguments: Hostile.all) func malformedFilesAreErrors(hostile: Hostile) {
        let error = #expect(throws: ModelError.self) {
            try decode(hostile.header, Array(repeating: 0, count: hostile.size))
        }
        #expect(error?.file == "hostile")
        #expect(
            error?.description.contains(hostile.sentence) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: [
            [], [1, 2, 3], [0, 0, 0, 0, 0, 0, 0], Array(repeating: 255, count: 8),
            [9, 0, 0, 0, 0, 0, 0, 0, 123, 125], [255, 255, 255, 255, 255, 255, 255, 127, 123, 125],
        ] as [[UInt8]])
    func headersBeyondTheFileAreErrors(bytes: [UInt8]) {
        let error = #expect(throws: ModelError.self) { try ModelFile(decoding: bytes, name: "x") }
        #expect(error?.kind == .damaged)
    }

    @Test func invalidUTF8IsAnError() {
        let header: [UInt8] = Array("{\"".utf8) + [0xff, 0xfe] + Array("\":{}}".utf8)
        let error = #expect(throws: ModelError.self) {
            try ModelFile(decoding: [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header, name: "x")
        }
        #expect(error?.problem.contains("not UTF-8") == true)
    }

    @Test func everyTruncationIsAnError() {
        let whole = bytes(sample)
        for length in 0..<whole.count {
            #expect(throws: ModelError.self) {
                try ModelFile(decoding: Array(whole.prefix(length)), name: "cut")
            }
        }
    }

    /// Random damage is an error or leaves tensors of the right sizes, and never stops the program.
    @Test func randomDamageIsAnErrorOrReadable() {
        let whole = bytes(sample)
        let headerEnd = 8 + Int(whole[0]) + Int(whole[1]) << 8
        var source = NormalSource(seed: 20)
        var refused = 0
        for _ in 0..<4000 {
            var damaged = whole
            for _ in 0...source.bits() % 3 {
                let place = Int(source.bits() % UInt64(headerEnd))
                damaged[place] = mutation(damaged[place], &source)
            }
            do {
                let file = try ModelFile(decoding: damaged, name: "fuzz")
                for tensor in file.tensors.values {
                    #expect(tensor.dims.reduce(1, *) == tensor.count)
                }
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(refused > 2000)
    }

    @Test func randomBytesAreErrors() {
        var source = NormalSource(seed: 21)
        for length in 0..<300 {
            var bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: source.bits()) }
            // Half of them get a header length that fits, so that the header itself is read.
            if length > 8, length % 2 == 0 {
                bytes.replaceSubrange(
                    0..<8, with: [UInt8(min(255, length - 8))] + Array(repeating: 0, count: 7))
            }
            #expect(throws: ModelError.self) { try ModelFile(decoding: bytes, name: "noise") }
        }
    }

    private let sample = ModelFile(
        name: "sample", metadata: ["model": "{\"a\": [1, 2]}"],
        tensors: [
            "one": Tensor(dims: [2, 3]), "two": Tensor(dims: [4]), "three": Tensor(dims: [1, 1]),
        ])

    private func mutation(_ byte: UInt8, _ source: inout NormalSource) -> UInt8 {
        let nasty = Array("{}[]\":,\\0919eE-.u ".utf8)
        switch source.bits() % 3 {
        case 0: return nasty[Int(source.bits() % UInt64(nasty.count))]
        case 1: return byte ^ 1 << UInt8(source.bits() % 8)
        default: return UInt8(truncatingIfNeeded: source.bits())
        }
    }

    private func bytes(
        _ file: ModelFile, _ precision: Safetensors.Precision = .float32
    ) -> [UInt8] {
        (try? Safetensors.encode(
            metadata: file.metadata, tensors: file.tensors, precision: precision)) ?? []
    }

    private func decode(_ header: String, _ data: [UInt8]) throws -> ModelFile {
        let count = header.utf8.count
        let length = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        return try ModelFile(decoding: length + Array(header.utf8) + data, name: "hostile")
    }
}

/// A malformed header, the number of data bytes, and the text that the error must contain.
struct Hostile: CustomTestStringConvertible {
    let header: String
    let size: Int
    let sentence: String

    init(_ header: String, _ size: Int, _ sentence: String) {
        self.header = header
        self.size = size
        self.sentence = sentence
    }

    var testDescription: String { sentence }

    static let all = sizes + layouts + formats + texts

    private static let sizes = [
        Hostile(entry("a", "[2]", 0, 12), 8, "tensor a: its data is bytes 0 to 12, but"),
        Hostile(entry("a", "[2]", 8, 0), 8, "tensor a: its data is bytes 8 to 0"),
        Hostile(entry("a", "[3]", 0, 8), 8, "tensor a: F32 [3] takes 12 bytes, but it has 8"),
        Hostile(entry("a", "[2]", 0, 8), 9, "1 bytes at its end belong to no tensor"),
        Hostile(entry("a", "[4294967296,4294967296]", 0, 8), 8, "a: has impossible dimensions"),
        Hostile(entry("a", "[0]", 0, 0), 0, "tensor a: has impossible dimensions [0]"),
        Hostile(entry("a", "[99999999999999999999]", 0, 8), 8, "or one too large"),
        Hostile(entry("a", "[-1]", 0, 0), 0, "no integer"),
        Hostile(entry("a", "[1.5]", 0, 4), 4, "lacks \"]\""),
    ]

    private static let layouts = [
        Hostile(
            entry("a", "[1]", 0, 4, entry("b", "[1]", 2, 6)), 6, "begins at byte 2 and overlaps"),
        Hostile(
            entry("a", "[1]", 0, 4, entry("b", "[1]", 0, 4)), 4, "begins at byte 0 and overlaps"),
        Hostile(
            entry("a", "[1]", 0, 4, entry("b", "[1]", 8, 12)), 12, "begins at byte 8 and leaves"),
        Hostile(entry("a", "[1]", 4, 8), 8, "a: begins at byte 4 and leaves a gap"),
        Hostile(entry("a", "[1]", 0, 4, entry("a", "[1]", 4, 8)), 8, "names \"a\" twice"),
    ]

    private static let formats = [
        Hostile(entry("a", "[1]", 0, 8, type: "I64"), 8, "tensor a: has the number format I64"),
        Hostile(#"{"a":{"dtype":"F32","dtype":"F16"}}"#, 4, "names \"dtype\" twice"),
        Hostile(#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4, "a: its header entry lacks"),
        Hostile(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "entry lacks"),
        Hostile(#"{"a":{"dtype":"F32","more":1}}"#, 4, "unknown field \"more\" for tensor a"),
    ]

    private static let texts = [
        Hostile(#"{"a":[]}"#, 0, "lacks \"{\""),
        Hostile(#"{"__metadata__":{"n":1}}"#, 0, "lacks \"\"\""),
        Hostile(#"{"a"#, 0, "ends within a string"),
        Hostile(#"{"\ud800x":{}}"#, 0, "half a surrogate pair"),
        Hostile(#"{"\ud800\u0041":{}}"#, 0, "half a surrogate pair"),
        Hostile(#"{"\udc00\udc00":{}}"#, 0, "half a surrogate pair"),
        Hostile(#"{"\u12g4":{}}"#, 0, "broken \\u escape"),
        Hostile(#"{"\q":{}}"#, 0, "unknown escape"),
        Hostile("{\"a\nb\":{}}", 0, "control character"),
        Hostile("{} {}", 0, "has text after its end"),
        Hostile("[]", 0, "lacks \"{\""),
        Hostile("", 0, "lacks \"{\""),
    ]

    /// A header of one tensor, followed by more entries.
    private static func entry(
        _ name: String, _ shape: String, _ begin: Int, _ end: Int, _ rest: String = "",
        type: String = "F32"
    ) -> String {
        let fields = #""dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]"#
        let first = #"{"\#(name)":{\#(fields)}"#
        return first + (rest.isEmpty ? "}" : "," + rest.dropFirst())
    }
}
