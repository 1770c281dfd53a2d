extension Safetensors {
    /// The bytes of a file with tensors sorted by name, so that equal contents give equal bytes.
    ///
    /// - Throws: ``ModelError`` when a finite number exceeds half precision.
    package static func encode(
        metadata: [String: String], tensors: [String: Tensor], precision: Precision
    ) throws(ModelError) -> [UInt8] {
        let names = tensors.keys.sorted()
        var data: [UInt8] = []
        var members: [String] = []
        if !metadata.isEmpty { members.append("\"__metadata__\":\(json(metadata))") }
        for name in names {
            guard let tensor = tensors[name] else { continue }
            let begin = data.count
            try append(tensor, named: name, precision, to: &data)
            let dims = tensor.dims.map(String.init).joined(separator: ",")
            members.append(
                "\(json(name)):{\"dtype\":\"\(precision.rawValue)\",\"shape\":[\(dims)],"
                    + "\"data_offsets\":[\(begin),\(data.count)]}")
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        // Trailing spaces align the data to eight bytes, like the reference writer.
        header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        let length = UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + header + data
    }

    private static func append(
        _ tensor: Tensor, named name: String, _ precision: Precision, to data: inout [UInt8]
    ) throws(ModelError) {
        data.reserveCapacity(data.count + 4 * tensor.count)
        try tensor.withSpan { span throws(ModelError) in
            for index in span.indices {
                switch precision {
                case .float32: data.appendLittleEndian(span[index].bitPattern)
                case .float16:
                    let half = Float16(span[index])
                    guard half.isFinite || !span[index].isFinite else {
                        throw ModelError(
                            .unsupported, tensor: name,
                            problem:
                                "element \(index), \(span[index]), is too large for half precision",
                            advice: "Write float32 instead.")
                    }
                    data.appendLittleEndian(half.bitPattern)
                }
            }
        }
    }

    private static func json(_ metadata: [String: String]) -> String {
        let members = metadata.sorted { $0.key < $1.key }.map {
            "\(json($0.key)):\(json($0.value))"
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension [UInt8] {
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
