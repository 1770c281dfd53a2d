/// The messages of onnx.proto (ONNX 1.8 and later) that an export needs.
///
/// Integers are its field numbers.
enum ONNX {
    /// An attribute of a node.
    enum Attribute {
        case int(Int)
        case ints([Int])
        case float(Float)
        case string(String)
    }

    /// A node with its operator and the names of its inputs and outputs.
    static func node(
        _ type: String, _ inputs: [String], to output: String,
        attributes: KeyValuePairs<String, Attribute> = [:]
    ) -> WireMessage {
        var node = WireMessage()
        for input in inputs { node.add(1, input) }
        node.add(2, output)
        node.add(3, output)
        node.add(4, type)
        for (name, value) in attributes { node.add(5, attribute(name, value)) }
        return node
    }

    private static func attribute(_ name: String, _ value: Attribute) -> WireMessage {
        var message = WireMessage()
        message.add(1, name)
        switch value {
        case .float(let number):
            message.add(2, number)
            message.add(20, 1)
        case .int(let number):
            message.add(3, number)
            message.add(20, 2)
        case .string(let text):
            message.add(4, text)
            message.add(20, 3)
        case .ints(let numbers):
            for number in numbers { message.add(8, number) }
            message.add(20, 7)
        }
        return message
    }

    /// A constant float32 tensor.
    static func tensor(_ name: String, _ tensor: Tensor) -> WireMessage {
        var message = WireMessage()
        for side in tensor.dims { message.add(1, side) }
        message.add(2, 1)
        message.add(8, name)
        message.add(9, tensor.littleEndianBytes)
        return message
    }

    /// A constant list of 64-bit integers.
    static func integers(_ name: String, _ values: [Int]) -> WireMessage {
        var message = WireMessage()
        message.add(1, values.count)
        message.add(2, 7)
        message.add(8, name)
        message.add(
            9,
            values.flatMap { value in
                (0..<8).map { UInt8(truncatingIfNeeded: Int64(value) >> (8 * Int64($0))) }
            })
        return message
    }

    /// Name and type of an input or output: float32, static dimensions, batch size 1.
    static func value(_ name: String, _ shape: Shape) -> WireMessage {
        var dims = WireMessage()
        for side in shape.batchDims {
            var dimension = WireMessage()
            dimension.add(1, side)
            dims.add(1, dimension)
        }
        var tensor = WireMessage()
        tensor.add(1, 1)
        tensor.add(2, dims)
        var type = WireMessage()
        type.add(1, tensor)
        var message = WireMessage()
        message.add(1, name)
        message.add(2, type)
        return message
    }

    /// The outermost message, with operator set 13.
    static func model(_ graph: WireMessage) -> WireMessage {
        var operators = WireMessage()
        operators.add(1, "")
        operators.add(2, 13)
        var model = WireMessage()
        model.add(1, 7)
        model.add(2, "thunderline")
        model.add(7, graph)
        model.add(8, operators)
        return model
    }
}

extension Shape {
    /// Dimensions in ONNX: `[1, channels, height, width]`.
    var batchDims: [Int] { [1] + dims }
}

extension Tensor {
    fileprivate var littleEndianBytes: [UInt8] {
        withSpan { span in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(4 * span.count)
            for index in span.indices { bytes.appendLittleEndian(span[index].bitPattern) }
            return bytes
        }
    }
}
