/// A float32 tensor in row-major order.
///
/// A feature map has the dimensions `[channels, height, width]` (``Shape``). Copies share storage until one is written
/// (copy on write). The storage is aligned to 64 bytes and padded to whole cache lines, so that vector loads may exceed
/// the last element.
public struct Tensor: Sendable {
    /// The length of each dimension, outermost first; empty for a scalar.
    public let dims: [Int]
    private var storage: TensorStorage

    /// Creates a tensor of zeros, or of another repeated value.
    public init(dims: [Int], repeating value: Float = 0) {
        self.dims = dims
        storage = TensorStorage(count: Tensor.count(of: dims), repeating: value)
    }

    /// Creates a tensor from as many values as the dimensions hold.
    public init(dims: [Int], _ values: some Collection<Float>) {
        precondition(values.count == Tensor.count(of: dims), "\(values.count) numbers for \(dims)")
        self.init(dims: dims)
        storage.withMutableSpan { span in
            for (index, value) in values.enumerated() { span[index] = value }
        }
    }

    /// Creates a feature map of zeros, or of another repeated value.
    public init(_ shape: Shape, repeating value: Float = 0) {
        self.init(dims: shape.dims, repeating: value)
    }

    /// Creates a feature map from values.
    public init(_ shape: Shape, _ values: some Collection<Float>) {
        self.init(dims: shape.dims, values)
    }

    private init(dims: [Int], sharing storage: TensorStorage) {
        self.dims = dims
        self.storage = storage
    }

    /// Number of elements.
    public var count: Int { storage.count }

    /// A copy of the elements.
    public var values: [Float] {
        withSpan { span in span.indices.map { span[$0] } }
    }

    /// The element at an index in row-major order.
    public subscript(index: Int) -> Float {
        get { withSpan { $0[index] } }
        set { withMutableSpan { $0[index] = newValue } }
    }

    /// Lends the elements for reading.
    public func withSpan<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withSpan(body)
    }

    /// Lends the elements for writing; copies shared storage first.
    public mutating func withMutableSpan<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if !isKnownUniquelyReferenced(&storage) { storage = TensorStorage(copying: storage) }
        return try storage.withMutableSpan(body)
    }

    /// Index of the first element that satisfies a predicate.
    public func firstIndex(where predicate: (Float) -> Bool) -> Int? {
        withSpan { span in span.indices.first { predicate(span[$0]) } }
    }

    /// The tensor with other dimensions of the same count, without a copy.
    public func reshaped(to dims: [Int]) -> Tensor {
        precondition(Tensor.count(of: dims) == count, "\(self.dims) cannot become \(dims)")
        return Tensor(dims: dims, sharing: storage)
    }

    /// The tensor as a feature map, without a copy.
    public func reshaped(to shape: Shape) -> Tensor { reshaped(to: shape.dims) }

    /// The transposed matrix.
    ///
    /// Converts `[rows, channels]`, as files list regions, to the channels-first order of a feature map
    /// (`[channels, rows, 1]` after reshaping), and back.
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
    /// True for equal dimensions and elements; NaN differs from itself.
    public static func == (a: Tensor, b: Tensor) -> Bool {
        guard a.dims == b.dims else { return false }
        return a.withSpan { a in
            b.withSpan { b in a.indices.allSatisfy { a[$0] == b[$0] } }
        }
    }
}

extension Shape {
    /// The dimensions of a feature map's tensor: channels, height, width.
    public var dims: [Int] { [channels, height, width] }
}

/// Storage of a tensor.
///
/// SAFETY: the pointer is private, lives exactly as long as the object, and is used only through bounds-checked spans
/// lent for the length of a closure. Sharing between threads is safe because ``Tensor`` writes only after it has
/// checked that its reference is unique.
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
        // SAFETY: both hold `count` initialised floats, and fresh memory does not overlap.
        unsafe start.update(from: other.start, count: count)
    }

    deinit {
        // SAFETY: allocated as raw memory in `init`, freed once; floats need no destruction.
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
