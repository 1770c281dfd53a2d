internal import CTorch
internal import Synchronization

/// Element type of a ``TorchTensor``.
public enum TorchType: String, Hashable, Sendable, CaseIterable, Codable {
    /// Four bytes.
    case float32
    /// Eight bytes, for gradient checks in tests.
    case float64
    /// Upper half of a float32.
    case bfloat16

    var code: ct_type {
        switch self {
        case .float32: ct_float32
        case .float64: ct_float64
        case .bfloat16: ct_bfloat16
        }
    }
}

/// A libtorch tensor, owned by this object.
///
/// Maps are `[images, channels, rows, columns]`; rows of values `[rows, channels]`. Results of operations record their
/// history for ``backward()``. A tensor must be used by one thread at a time.
@safe
public final class TorchTensor {
    // SAFETY: this object is the only owner and releases the handle once; it is accessed only in calls
    // that keep the object alive until they return.
    private let handle: OpaquePointer

    /// Takes ownership of the result of a call.
    ///
    /// - Throws: ``TorchError/refused(_:)`` with libtorch's message if the call failed.
    init(_ made: OpaquePointer?) throws(TorchError) {
        guard let made = unsafe made else { throw TorchLibrary.failure }
        unsafe handle = made
    }

    deinit { unsafe TorchLibrary.table?.release(handle) }

    /// Copies float32 values.
    public convenience init(_ values: [Float], _ dims: [Int]) throws(TorchError) {
        precondition(values.count == dims.reduce(1, *), "\(values.count) numbers for \(dims)")
        try self.init(bytes: values, dims, ct_float32)
    }

    /// Copies float64 values.
    public convenience init(_ values: [Double], _ dims: [Int]) throws(TorchError) {
        precondition(values.count == dims.reduce(1, *), "\(values.count) numbers for \(dims)")
        try self.init(bytes: values, dims, ct_float64)
    }

    /// Copies indices or labels as int64.
    public convenience init(indices: [Int]) throws(TorchError) {
        try self.init(bytes: indices.map(Int64.init), [indices.count], ct_int64)
    }

    /// Copies bytes, such as pixels.
    public convenience init(levels: [UInt8], _ dims: [Int]) throws(TorchError) {
        precondition(levels.count == dims.reduce(1, *), "\(levels.count) bytes for \(dims)")
        try self.init(bytes: levels, dims, ct_uint8)
    }

    private convenience init<Number: BitwiseCopyable>(
        bytes values: [Number], _ dims: [Int], _ type: ct_type
    ) throws(TorchError) {
        let face = try TorchLibrary.face()
        let sides = dims.map(Int64.init)
        let device = Int32(TorchLibrary.device.load(ordering: .relaxed))
        // SAFETY: both arrays outlive the call, which copies as many elements as the dimensions contain.
        let made = unsafe values.withUnsafeBytes { bytes in
            // An empty array has no base address; libtorch reads no element then.
            unsafe face.from_bytes(
                bytes.baseAddress, type, sides, Int32(sides.count), device)
        }
        try unsafe self.init(made)
    }

    /// Dimensions, outermost first.
    public var dims: [Int] {
        guard let table = TorchLibrary.table else { return [] }
        var sides = [Int64](repeating: 0, count: Int(unsafe table.rank(handle)))
        // SAFETY: the array has room for as many dimensions as the tensor has.
        unsafe table.dims(handle, &sides)
        return sides.map(Int.init)
    }

    /// Number of elements.
    public var count: Int { dims.reduce(1, *) }

    /// Element type; float32 for integer types.
    public var type: TorchType {
        let code = unsafe TorchLibrary.table?.type(handle)
        return TorchType.allCases.first { $0.code == code } ?? .float32
    }

    /// Copies the elements out as float32, in row-major order.
    public func values() throws(TorchError) -> [Float] { try read(ct_float32, 0) }

    /// Copies the elements out as float64, in row-major order.
    public func doubles() throws(TorchError) -> [Double] { try read(ct_float64, 0) }

    /// Value of a tensor with one element.
    public func item() throws(TorchError) -> Double { try doubles()[0] }

    private func read<Number: BitwiseCopyable>(
        _ type: ct_type, _ zero: Number
    ) throws(TorchError) -> [Number] {
        let count = count
        let face = try TorchLibrary.face()
        var result = [Number](repeating: zero, count: count)
        // SAFETY: the array has room for `count` elements of the type, and the call checks the count.
        let isDone = unsafe result.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return unsafe face.read_bytes(handle, type, start, Int64(count))
        }
        guard isDone else { throw TorchLibrary.failure }
        return result
    }
}

/// Access to the native pointers.
extension TorchTensor {
    /// Calls a function with this tensor's pointer and takes ownership of its result.
    func made(
        _ call: (ct_face, OpaquePointer) -> OpaquePointer?
    ) throws(TorchError) -> TorchTensor {
        let face = try TorchLibrary.face()
        let result = unsafe call(face, handle)
        withExtendedLifetime(self) {}
        return try unsafe TorchTensor(result)
    }

    /// Calls a function with two pointers and takes ownership of its result.
    func made(
        _ other: TorchTensor, _ call: (ct_face, OpaquePointer, OpaquePointer) -> OpaquePointer?
    ) throws(TorchError) -> TorchTensor {
        let result = try unsafe made { face, x in unsafe call(face, x, other.handle) }
        withExtendedLifetime(other) {}
        return result
    }

    /// Calls a function that makes two tensors and takes ownership of both.
    func pair(
        _ other: TorchTensor? = nil,
        _ call: (
            ct_face, OpaquePointer, OpaquePointer?, UnsafeMutablePointer<OpaquePointer?>
        ) -> Bool
    ) throws(TorchError) -> (TorchTensor, TorchTensor) {
        var parts: [OpaquePointer?] = unsafe [nil, nil]
        // SAFETY: the call writes two pointers, and the array has room for both.
        try unsafe done { face, x in unsafe call(face, x, other?.handle, &parts) }
        withExtendedLifetime(other) {}
        return (try unsafe TorchTensor(parts[0]), try unsafe TorchTensor(parts[1]))
    }

    /// Calls a function that returns success with this tensor's pointer.
    func done(_ call: (ct_face, OpaquePointer) -> Bool) throws(TorchError) {
        let face = try TorchLibrary.face()
        let isDone = unsafe call(face, handle)
        withExtendedLifetime(self) {}
        guard isDone else { throw TorchLibrary.failure }
    }

    /// Calls a function with two pointers that returns success.
    func done(
        _ other: TorchTensor, _ call: (ct_face, OpaquePointer, OpaquePointer) -> Bool
    ) throws(TorchError) {
        try unsafe done { face, x in unsafe call(face, x, other.handle) }
        withExtendedLifetime(other) {}
    }

    /// Calls a function with the pointers of a list.
    static func lend<Result>(
        _ tensors: [TorchTensor], _ call: (ct_face, [OpaquePointer?], Int32) -> Result
    ) throws(TorchError) -> Result {
        let face = try TorchLibrary.face()
        let handles = unsafe tensors.map { unsafe Optional($0.handle) }
        let result = unsafe call(face, handles, Int32(handles.count))
        withExtendedLifetime(tensors) {}
        return result
    }

    /// Calls a function with pointers that may be nil.
    static func lendOptional<Result>(
        _ tensors: [TorchTensor?], _ call: (ct_face, [OpaquePointer?]) -> Result
    ) throws(TorchError) -> Result {
        let face = try TorchLibrary.face()
        let handles = unsafe tensors.map { unsafe $0?.handle }
        let result = unsafe call(face, handles)
        withExtendedLifetime(tensors) {}
        return result
    }
}

/// Conversion, copies and gradients.
extension TorchTensor {
    /// Converts the element type, optionally to channels-last layout.
    public func cast(
        to type: TorchType, isChannelsLast: Bool = false
    ) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.as($1, type.code, isChannelsLast) }
    }

    /// Detached copy.
    public func copy() throws(TorchError) -> TorchTensor { try unsafe made { unsafe $0.copy($1) } }

    /// Overwrites the elements with those of a tensor with the same dimensions.
    public func assign(_ other: TorchTensor) throws(TorchError) {
        _ = try unsafe Self.lend([self, other]) { face, handles, _ in
            unsafe face.assign(handles[0], handles[1])
        }
    }

    /// Enables or disables the recording of gradients for this tensor.
    public func requireGradient(_ isRequired: Bool = true) throws(TorchError) {
        try unsafe done { unsafe $0.require_gradient($1, isRequired) }
    }

    /// Gradient after ``backward()``; nil if there is none.
    public var gradient: TorchTensor? { try? unsafe made { unsafe $0.gradient($1) } }

    /// Backpropagates from this scalar and accumulates gradients in the tensors it was computed from.
    public func backward() throws(TorchError) { try unsafe done { unsafe $0.backward($1) } }

    /// Clears the gradients of a list.
    public static func clearGradients(_ tensors: [TorchTensor]) throws(TorchError) {
        let isDone = try unsafe lend(tensors) { unsafe $0.clear_gradients($1, $2) }
        guard isDone else { throw TorchLibrary.failure }
    }
}
