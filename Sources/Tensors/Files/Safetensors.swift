/// The safetensors format: eight bytes of header length, a JSON header, then the tensors' bytes.
///
/// Follows the published specification (huggingface/safetensors): little-endian, row-major, offsets from the end of the
/// header, no gaps, no overlap. Files are untrusted: all sizes are checked before memory is allocated.
public enum Safetensors {
    /// Precision of written tensors.
    public enum Precision: String, Sendable, CaseIterable {
        /// Four bytes per number, exact.
        case float32 = "F32"
        /// Two bytes per number, rounded to the nearest half-precision value.
        case float16 = "F16"
    }

    struct Contents {
        var metadata: [String: String]
        var tensors: [String: Tensor]
    }

    /// Upper limit of the header's length, given by the format.
    static let headerLimit = 100_000_000

    static func decode(_ bytes: [UInt8]) throws(ModelError) -> Contents {
        let length = try headerLength(of: bytes)
        var scanner = HeaderScanner(bytes: bytes[8..<8 + length])
        let header = try scanner.header()
        let start = 8 + length
        try checkLayout(header.entries, available: bytes.count - start)
        var tensors: [String: Tensor] = [:]
        for entry in header.entries {
            let range = start + entry.begin..<start + entry.end
            tensors[entry.name] = Tensor(dims: entry.dims, widening: bytes[range], as: entry.type)
        }
        return Contents(metadata: header.metadata, tensors: tensors)
    }

    private static func headerLength(of bytes: [UInt8]) throws(ModelError) -> Int {
        guard bytes.count >= 8 else {
            throw ModelError(
                .damaged, problem: "is \(bytes.count) bytes long, too short for a safetensors file",
                advice: "The download or copy may be incomplete.")
        }
        let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << (8 * UInt64($1)) }
        guard length <= UInt64(headerLimit), length <= UInt64(bytes.count - 8) else {
            throw ModelError(
                .damaged,
                problem: "claims a header of \(length) bytes but is only \(bytes.count) bytes long",
                advice: "It is truncated, or not a safetensors file.")
        }
        return Int(length)
    }

    /// Checks that every byte after the header belongs to exactly one tensor of the right size.
    private static func checkLayout(_ entries: [Entry], available: Int) throws(ModelError) {
        for entry in entries { try entry.checkSize(available: available) }
        var end = 0
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard entry.begin == end else {
                let problem =
                    entry.begin < end ? "overlaps the tensor before it" : "leaves a gap before it"
                throw ModelError(
                    .damaged, tensor: entry.name,
                    problem:
                        "begins at byte \(entry.begin) and \(problem), which ends at byte \(end)")
            }
            end = entry.end
        }
        guard end == available else {
            throw ModelError(
                .damaged, problem: "\(available - end) bytes at its end belong to no tensor")
        }
    }

    /// One entry of the header.
    struct Entry {
        var name: String
        var type: ElementType
        var dims: [Int]
        var begin: Int
        var end: Int

        func checkSize(available: Int) throws(ModelError) {
            guard begin <= end, end <= available else {
                throw ModelError(
                    .damaged, tensor: name,
                    problem: "its data is bytes \(begin) to \(end), but the file has \(available)",
                    advice: "The download or copy may be incomplete.")
            }
            var size = type.bytes
            for side in dims {
                let (product, overflow) = size.multipliedReportingOverflow(by: side)
                guard side > 0, !overflow else {
                    throw ModelError(
                        .damaged, tensor: name, problem: "has impossible dimensions \(dims)")
                }
                size = product
            }
            guard size == end - begin else {
                throw ModelError(
                    .damaged, tensor: name,
                    problem:
                        "\(type.rawValue) \(dims) takes \(size) bytes, but it has \(end - begin)")
            }
        }
    }

    struct Header {
        var metadata: [String: String] = [:]
        var entries: [Entry] = []
    }

    /// The supported number formats.
    enum ElementType: String {
        case float32 = "F32"
        case float16 = "F16"
        case bfloat16 = "BF16"

        var bytes: Int { self == .float32 ? 4 : 2 }
    }
}

extension Tensor {
    /// Converts the little-endian numbers of a file to float32.
    ///
    /// The bytes must match the dimensions.
    fileprivate init(
        dims: [Int], widening bytes: ArraySlice<UInt8>, as type: Safetensors.ElementType
    ) {
        self.init(dims: dims)
        let source = bytes.span
        withMutableSpan { target in
            for index in target.indices {
                target[index] =
                    switch type {
                    case .float32: Float(bitPattern: source.word(at: 4 * index))
                    case .float16: Float(Float16(bitPattern: source.half(at: 2 * index)))
                    case .bfloat16: Float(bitPattern: UInt32(source.half(at: 2 * index)) << 16)
                    }
            }
        }
    }
}

extension Span<UInt8> {
    fileprivate func half(at index: Int) -> UInt16 {
        UInt16(self[index]) | UInt16(self[index + 1]) << 8
    }

    fileprivate func word(at index: Int) -> UInt32 {
        UInt32(half(at: index)) | UInt32(half(at: index + 2)) << 16
    }
}
