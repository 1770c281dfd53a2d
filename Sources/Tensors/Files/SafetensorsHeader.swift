/// Parser of the JSON header of a safetensors file.
///
/// General JSON parsers accept duplicate keys and nest without limit. This parser accepts only the header's two levels
/// and unique keys.
struct HeaderScanner {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Parses the header: an object of tensors, with the metadata under its reserved name.
    mutating func header() throws(ModelError) -> Safetensors.Header {
        var header = Safetensors.Header()
        try object { (scanner, name) throws(ModelError) in
            if name == "__metadata__" {
                header.metadata = try scanner.metadata()
            } else {
                header.entries.append(try scanner.entry(name))
            }
        }
        skipSpace()
        guard position == bytes.endIndex else { throw fault("has text after its end") }
        return header
    }

    private mutating func metadata() throws(ModelError) -> [String: String] {
        var result: [String: String] = [:]
        try object { (scanner, key) throws(ModelError) in result[key] = try scanner.string() }
        return result
    }

    private mutating func entry(_ name: String) throws(ModelError) -> Safetensors.Entry {
        var type: String?
        var dims: [Int]?
        var offsets: [Int]?
        try object { (scanner, key) throws(ModelError) in
            switch key {
            case "dtype": type = try scanner.string()
            case "shape": dims = try scanner.integers()
            case "data_offsets": offsets = try scanner.integers()
            default: throw scanner.fault("has an unknown field \"\(key)\" for tensor \(name)")
            }
        }
        guard let type, let dims, let offsets, offsets.count == 2 else {
            throw ModelError(
                .damaged, tensor: name,
                problem: "its header entry lacks dtype, shape or two data_offsets")
        }
        guard let element = Safetensors.ElementType(rawValue: type) else {
            throw ModelError(
                .unsupported, tensor: name, problem: "has the number format \(type)",
                advice: "F32, F16 and BF16 are supported; convert it to one of these.")
        }
        return Safetensors.Entry(
            name: name, type: element, dims: dims, begin: offsets[0], end: offsets[1])
    }
}

/// JSON elements of a header.
extension HeaderScanner {
    private mutating func object(
        _ member: (inout HeaderScanner, String) throws(ModelError) -> Void
    ) throws(ModelError) {
        try expect("{")
        if accept("}") { return }
        var keys: Set<String> = []
        repeat {
            let key = try string()
            guard keys.insert(key).inserted else { throw fault("names \"\(key)\" twice") }
            try expect(":")
            try member(&self, key)
        } while accept(",")
        try expect("}")
    }

    private mutating func integers() throws(ModelError) -> [Int] {
        try expect("[")
        if accept("]") { return [] }
        var result: [Int] = []
        repeat { result.append(try integer()) } while accept(",")
        try expect("]")
        return result
    }

    private mutating func integer() throws(ModelError) -> Int {
        skipSpace()
        let digits = bytes[position...].prefix { (48...57).contains($0) }
        position = digits.endIndex
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
            throw fault("has no integer, or one too large, where one is required")
        }
        return value
    }

    private mutating func string() throws(ModelError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = String(validating: text, as: UTF8.self) else {
                    throw fault("has a string that is not UTF-8")
                }
                return result
            case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
            case 0..<32: throw fault("has a control character in a string")
            default: text.append(byte)
            }
        }
        throw fault("ends within a string")
    }

    private mutating func escape() throws(ModelError) -> Unicode.Scalar {
        guard position < bytes.endIndex else { throw fault("ends within a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault("has an unknown escape in a string")
        }
    }

    /// Parses one `\u` escape, or two that form a surrogate pair.
    private mutating func unicodeEscape() throws(ModelError) -> Unicode.Scalar {
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard bytes[position...].starts(with: Array("\\u".utf8)), high < 0xdc00 else {
            throw fault("has half a surrogate pair in a string")
        }
        position += 2
        let low = try hexadecimal()
        guard (0xdc00...0xdfff).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
        else { throw fault("has half a surrogate pair in a string") }
        return scalar
    }

    private mutating func hexadecimal() throws(ModelError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4,
            digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("has a broken \\u escape in a string") }
        position += 4
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(ModelError) {
        guard accept(character) else { throw fault("lacks \"\(character)\"") }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex, [9, 10, 13, 32].contains(bytes[position]) { position += 1 }
    }

    private func fault(_ problem: String) -> ModelError {
        ModelError(
            .damaged,
            problem: "its header \(problem) (byte \(position - bytes.startIndex) of the header)",
            advice: "The file is damaged, or not a safetensors file.")
    }
}
