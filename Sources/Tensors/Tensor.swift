/// Float32 numbers in row-major order, owned, with the length of each dimension.
///
/// A feature map has the dimensions `[channels, height, width]` (``Shape``); weights have as many
/// as they need. A value: copies share their storage until one of them is written. The storage
/// starts on a 64-byte boundary and its last cache line is whole, so that vector loads may run past
/// the last element.
public struct Tensor: Sendable {
    /// The length of each dimension, outermost first; empty for a single number.
    public let dims: [Int]
    private var storage: TensorStorage

    /// Zeros, or another number repeated.
    public init(dims: [Int], repeating value: Float = 0) {
        self.dims = dims
        storage = TensorStorage(count: Tensor.count(of: dims), repeating: value)
    }

    /// Given numbers, as many as the dimensions hold.
    public init(dims: [Int], _ values: some Collection<Float>) {
        precondition(values.count == Tensor.count(of: dims), "\(values.count) numbers for \(dims)")
        self.init(dims: dims)
        storage.withMutableSpan { span in
            for (index, value) in values.enumerated() { span[index] = value }
        }
    }

    /// A feature map of zeros, or of another number.
    public init(_ shape: Shape, repeating value: Float = 0) {
        self.init(dims: shape.dims, repeating: value)
    }

    /// A feature map of given numbers.
    public init(_ shape: Shape, _ values: some Collection<Float>) {
        self.init(dims: shape.dims, values)
    }

    private init(dims: [Int], sharing storage: TensorStorage) {
        self.dims = dims
        self.storage = storage
    }

    /// How many numbers there are.
    public var count: Int { storage.count }

    /// The numbers as an array, copied.
    public var values: [Float] {
        withSpan { span in span.indices.map { span[$0] } }
    }

    /// The number at a place of the row-major order.
    public subscript(index: Int) -> Float {
        get { withSpan { $0[index] } }
        set { withMutableSpan { $0[index] = newValue } }
    }

    /// Lends the numbers for reading.
    public func withSpan<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withSpan(body)
    }

    /// Lends the numbers for writing; shared storage is copied first.
    public mutating func withMutableSpan<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if !isKnownUniquelyReferenced(&storage) { storage = TensorStorage(copying: storage) }
        return try storage.withMutableSpan(body)
    }

    /// Where the first number that answers a question stands; nil where none does.
    public func firstIndex(where predicate: (Float) -> Bool) -> Int? {
        withSpan { span in span.indices.first { predicate(span[$0]) } }
    }

    /// The same numbers with other dimensions of the same count; nothing is copied.
    public func reshaped(to dims: [Int]) -> Tensor {
        precondition(Tensor.count(of: dims) == count, "\(self.dims) cannot become \(dims)")
        return Tensor(dims: dims, sharing: storage)
    }

    /// The same numbers as a feature map; nothing is copied.
    public func reshaped(to shape: Shape) -> Tensor { reshaped(to: shape.dims) }

    /// Rows and columns of a matrix exchanged.
    ///
    /// Turns `[rows, channels]`, as regions are listed in files, into the channels-first order of a
    /// feature map (`[channels, rows, 1]` after reshaping), and back.
    public func transposed() -> Tensor {
        precondition(dims.count == 2, "only a matrix is transposed")
        let (rows, columns) = (dims[0], dims[1])
        var result = Tensor(dims: [columns, rows])
        withSpan { from in
            result.withMutableSpan { to in
                for row in 0..<rows {
                    for column in 0..<columns {
                        to[column * rows + row] = from[row * columns + column]
                    }
                }
            }
        }
        return result
    }

    static func count(of dims: [Int]) -> Int {
        precondition(dims.allSatisfy { $0 > 0 }, "a tensor has no empty side: \(dims)")
        return dims.reduce(1, *)
    }
}

extension Tensor: Equatable {
    /// Equal dimensions and equal numbers; as everywhere, NaN differs from itself.
    public static func == (a: Tensor, b: Tensor) -> Bool {
        guard a.dims == b.dims else { return false }
        return a.withSpan { a in
            b.withSpan { b in a.indices.allSatisfy { a[$0] == b[$0] } }
        }
    }
}

extension Shape {
    /// Channels, height, width: the dimensions of a feature map's tensor.
    public var dims: [Int] { [channels, height, width] }
}

/// The memory of tensors.
///
/// SAFETY: the pointer is private, lives exactly as long as the object, and is reached only through
/// bounds-checked spans lent for the length of a closure. Sharing between threads is sound because
/// ``Tensor`` writes only after it has made sure that its reference is the only one.
@safe
private final class TensorStorage: @unchecked Sendable {
    let count: Int
    private let start: UnsafeMutablePointer<Float>

    init(count: Int, repeating value: Float) {
        self.count = count
        let bytes = (count * MemoryLayout<Float>.stride + 63) / 64 * 64
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        let padded = bytes / MemoryLayout<Float>.stride
        // SAFETY: the memory holds `padded` floats, and `count` is not more.
        unsafe start = memory.bindMemory(to: Float.self, capacity: padded)
        unsafe start.initialize(repeating: value, count: count)
        unsafe (start + count).initialize(repeating: 0, count: padded - count)
    }

    convenience init(copying other: TensorStorage) {
        self.init(count: other.count, repeating: 0)
        // SAFETY: both hold `count` initialised floats, and fresh memory overlaps nothing.
        unsafe start.update(from: other.start, count: count)
    }

    deinit {
        // SAFETY: allocated as raw memory in `init`, given back once; floats need no destruction.
        unsafe UnsafeMutableRawPointer(start).deallocate()
    }

    func withSpan<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: `count` initialised floats that outlive the call; the span cannot leave it.
        try body(unsafe Span(_unsafeStart: UnsafePointer(start), count: count))
    }

    func withMutableSpan<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: as above; the caller holds the only reference (`Tensor.withMutableSpan`).
        var span = unsafe MutableSpan(_unsafeStart: start, count: count)
        return try body(&span)
    }
}
