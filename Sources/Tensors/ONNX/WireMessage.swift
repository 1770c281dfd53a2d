/// Writer of a protocol-buffer message.
///
/// Supports the parts of the wire format that ONNX needs: varints, 32-bit floats, byte strings, nested messages.
struct WireMessage {
    private(set) var bytes: [UInt8] = []

    /// Appends an integer field.
    ///
    /// Negative numbers take ten bytes, as the format requires.
    mutating func add(_ field: Int, _ value: Int) {
        tag(field, type: 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// Appends a float field.
    mutating func add(_ field: Int, _ value: Float) {
        tag(field, type: 5)
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
        }
    }

    /// Appends a text field.
    mutating func add(_ field: Int, _ value: String) {
        add(field, Array(value.utf8))
    }

    /// Appends a byte field.
    mutating func add(_ field: Int, _ value: [UInt8]) {
        tag(field, type: 2)
        varint(UInt64(value.count))
        bytes += value
    }

    /// Appends a message field.
    mutating func add(_ field: Int, _ value: WireMessage) {
        add(field, value.bytes)
    }

    private mutating func tag(_ field: Int, type: UInt64) {
        varint(UInt64(field) << 3 | type)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
