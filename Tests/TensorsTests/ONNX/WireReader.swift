/// A small protocol-buffer reader, independent of the tested writer.
struct WireReader {
    enum Value: Equatable {
        case varint(UInt64)
        case fixed32(UInt32)
        case bytes([UInt8])
    }

    struct Malformed: Error {}

    /// All fields of a message, in order, by number.
    private(set) var fields: [(number: Int, value: Value)] = []

    init(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let key = try WireReader.varint(&rest)
            fields.append((Int(key >> 3), try WireReader.value(type: key & 7, &rest)))
        }
    }

    func messages(_ number: Int) throws -> [WireReader] {
        try bytes(number).map { try WireReader($0) }
    }

    func bytes(_ number: Int) -> [[UInt8]] {
        fields.compactMap { field in
            if field.number == number, case .bytes(let bytes) = field.value { bytes } else { nil }
        }
    }

    func strings(_ number: Int) -> [String] {
        bytes(number).map { String(decoding: $0, as: UTF8.self) }
    }

    func integers(_ number: Int) -> [Int] {
        fields.compactMap { field in
            if field.number == number, case .varint(let value) = field.value {
                Int(truncatingIfNeeded: value)
            } else {
                nil
            }
        }
    }

    private static func value(type: UInt64, _ rest: inout ArraySlice<UInt8>) throws -> Value {
        switch type {
        case 0: return .varint(try varint(&rest))
        case 2: return .bytes(try take(Int(try varint(&rest)), &rest))
        case 5:
            let bytes = try take(4, &rest)
            return .fixed32(bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
        default: throw Malformed()
        }
    }

    private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws -> [UInt8] {
        guard count <= rest.count else { throw Malformed() }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            result |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return result }
        }
        throw Malformed()
    }
}
