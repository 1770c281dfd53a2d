internal import CTorch

/// The type of a ``TorchTensor``'s elements.
public enum TorchType: String, Hashable, Sendable, CaseIterable, Codable {
    /// Four bytes.
    case float32
    /// Eight bytes, for tests of gradients.
    case float64
    /// The upper half of a float32.
    case bfloat16

    var code: ct_type {
        switch self {
        case .float32: ct_float32
        case .float64: ct_float64
        case .bfloat16: ct_bfloat16
        }
    }
}

/// A tensor of libtorch, owned by this object.
///
/// Maps are `[pictures, channels, rows, columns]`; lists of rows `[rows, channels]`. Results of operations
/// remember how they came about, so that ``backward()`` finds the gradients of what they came from. Belongs to one
/// thread at a time.
@safe
public final class TorchTensor {
    // SAFETY: owned by this object alone and released once; reached only through `lend`, which keeps the
    // object alive for the length of the call.
    private let handle: OpaquePointer

    /// Takes what a call made.
    ///
    /// - Throws: ``TorchError/refused(_:)`` with libtorch's own words where the call failed.
    init(_ made: OpaquePointer?) throws(TorchError) {
        guard let made = unsafe made else { throw TorchLibrary.failure }
        unsafe handle = made
    }

    deinit { unsafe TorchLibrary.table?.release(handle) }

    /// Copies numbers in.
    public convenience init(_ values: [Float], _ dims: [Int]) throws(TorchError) {
        precondition(values.count == dims.reduce(1, *), "\(values.count) numbers for \(dims)")
        try self.init(bytes: values, dims, ct_float32)
    }

    /// Copies numbers in, in double precision.
    public convenience init(_ values: [Double], _ dims: [Int]) throws(TorchError) {
        precondition(values.count == dims.reduce(1, *), "\(values.count) numbers for \(dims)")
        try self.init(bytes: values, dims, ct_float64)
    }

    /// Copies indices or labels in.
    public convenience init(indices: [Int]) throws(TorchError) {
        try self.init(bytes: indices.map(Int64.init), [indices.count], ct_int64)
    }

    /// Copies bytes in, such as pictures.
    public convenience init(levels: [UInt8], _ dims: [Int]) throws(TorchError) {
        precondition(levels.count == dims.reduce(1, *), "\(levels.count) bytes for \(dims)")
        try self.init(bytes: levels, dims, ct_uint8)
    }

    private convenience init<Number: BitwiseCopyable>(
        bytes values: [Number], _ dims: [Int], _ type: ct_type
    ) throws(TorchError) {
        let face = try TorchLibrary.face()
        let sides = dims.map(Int64.init)
        // SAFETY: both arrays outlive the call, which copies as many elements as the dimensions hold.
        let made = unsafe values.withUnsafeBytes { bytes in
            // An empty array has no address, and none is read.
            unsafe face.from_bytes(bytes.baseAddress, type, sides, Int32(sides.count), -1)
        }
        try unsafe self.init(made)
    }

    /// The length of each dimension, outermost first.
    public var dims: [Int] {
        guard let table = TorchLibrary.table else { return [] }
        var sides = [Int64](repeating: 0, count: Int(unsafe table.rank(handle)))
        // SAFETY: the array has room for as many sides as the tensor has.
        unsafe table.dims(handle, &sides)
        return sides.map(Int.init)
    }

    /// How many numbers there are.
    public var count: Int { dims.reduce(1, *) }

    /// The type of the elements; indices and bytes count as float32.
    public var type: TorchType {
        let code = unsafe TorchLibrary.table?.type(handle)
        return TorchType.allCases.first { $0.code == code } ?? .float32
    }

    /// The numbers in row-major order, copied out as float32.
    public func values() throws(TorchError) -> [Float] { try read(ct_float32, 0) }

    /// The numbers in row-major order, copied out in double precision.
    public func doubles() throws(TorchError) -> [Double] { try read(ct_float64, 0) }

    /// The only number of a tensor of one.
    public func item() throws(TorchError) -> Double { try doubles()[0] }

    private func read<Number: BitwiseCopyable>(
        _ type: ct_type, _ zero: Number
    ) throws(TorchError) -> [Number] {
        let count = count
        let face = try TorchLibrary.face()
        var result = [Number](repeating: zero, count: count)
        // SAFETY: the array has room for `count` numbers of the type, and the call checks the count.
        let isDone = unsafe result.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return unsafe face.read_bytes(handle, type, start, Int64(count))
        }
        guard isDone else { throw TorchLibrary.failure }
        return result
    }
}

/// Lending: the only way to the pointers.
extension TorchTensor {
    /// Calls with this tensor's pointer and takes the tensor that the call makes.
    func made(
        _ call: (ct_face, OpaquePointer) -> OpaquePointer?
    ) throws(TorchError) -> TorchTensor {
        let face = try TorchLibrary.face()
        let result = unsafe call(face, handle)
        withExtendedLifetime(self) {}
        return try unsafe TorchTensor(result)
    }

    /// Calls with two pointers and takes the tensor that the call makes.
    func made(
        _ other: TorchTensor, _ call: (ct_face, OpaquePointer, OpaquePointer) -> OpaquePointer?
    ) throws(TorchError) -> TorchTensor {
        let result = try unsafe made { face, x in unsafe call(face, x, other.handle) }
        withExtendedLifetime(other) {}
        return result
    }

    /// Calls with this tensor's pointer for a call that says whether it succeeded.
    func done(_ call: (ct_face, OpaquePointer) -> Bool) throws(TorchError) {
        let face = try TorchLibrary.face()
        let isDone = unsafe call(face, handle)
        withExtendedLifetime(self) {}
        guard isDone else { throw TorchLibrary.failure }
    }

    /// Calls with the pointers of a list.
    static func lend<Result>(
        _ tensors: [TorchTensor], _ call: (ct_face, [OpaquePointer?], Int32) -> Result
    ) throws(TorchError) -> Result {
        let face = try TorchLibrary.face()
        let handles = unsafe tensors.map { unsafe Optional($0.handle) }
        let result = unsafe call(face, handles, Int32(handles.count))
        withExtendedLifetime(tensors) {}
        return result
    }

    /// Calls with pointers of which some may be missing.
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

/// Types, copies and gradients.
extension TorchTensor {
    /// The same numbers in another type; maps channels innermost where asked for.
    public func cast(
        to type: TorchType, isChannelsLast: Bool = false
    ) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.as($1, type.code, isChannelsLast) }
    }

    /// A copy that shares nothing and has no history.
    public func copy() throws(TorchError) -> TorchTensor { try unsafe made { unsafe $0.copy($1) } }

    /// Overwrites the numbers with those of another tensor of the same dimensions.
    public func assign(_ other: TorchTensor) throws(TorchError) {
        _ = try unsafe Self.lend([self, other]) { face, handles, _ in
            unsafe face.assign(handles[0], handles[1])
        }
    }

    /// Has gradients collected here, or no longer.
    public func requireGradient(_ isRequired: Bool = true) throws(TorchError) {
        try unsafe done { unsafe $0.require_gradient($1, isRequired) }
    }

    /// The gradient that ``backward()`` left; nil where there is none.
    public var gradient: TorchTensor? { try? unsafe made { unsafe $0.gradient($1) } }

    /// Adds the gradients of this single number to those of all it came from.
    public func backward() throws(TorchError) { try unsafe done { unsafe $0.backward($1) } }

    /// Drops the gradients of a list.
    public static func clearGradients(_ tensors: [TorchTensor]) throws(TorchError) {
        let isDone = try unsafe lend(tensors) { unsafe $0.clear_gradients($1, $2) }
        guard isDone else { throw TorchLibrary.failure }
    }
}
