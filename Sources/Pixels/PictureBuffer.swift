/// Picture that owns its memory, for drawings, tests and small tools.
///
/// Video frames are owned by the `Video` module instead.
///
/// SAFETY of `@unchecked Sendable`: the value is noncopyable and the only owner of its memory, which is reached
/// only through calls on it.
@safe public struct PictureBuffer: ~Copyable, @unchecked Sendable {
    /// Pixel format: arrangement and depth of the samples.
    public let format: PixelFormat
    /// Width in luma columns.
    public let width: Int
    /// Height in luma rows.
    public let height: Int
    /// Colour space of the samples.
    public let color: ColorDescription
    private let memory: UnsafeMutableRawBufferPointer
    private let planes: InlineArray<3, Plane>

    /// Creates a picture of zeros, at least one pixel wide and high.
    ///
    /// Each row is followed by `rowPadding` unused samples, also zero.
    public init(
        format: PixelFormat, width: Int, height: Int, color: ColorDescription, rowPadding: Int = 0
    ) {
        precondition(width > 0 && height > 0 && rowPadding >= 0, "a picture has an extent")
        self.format = format
        self.width = width
        self.height = height
        self.color = color
        func stride(_ plane: Int) -> Int {
            format.bytes(inRowOfPlane: plane, width: width) + rowPadding * format.bytesPerSample
        }
        var total = 0
        for plane in 0..<format.planeCount {
            total += stride(plane) * format.rows(ofPlane: plane, height: height)
        }
        unsafe memory = UnsafeMutableRawBufferPointer.allocate(byteCount: total, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
        // SAFETY: `total` is the sum of the planes' sizes, and not 0 because the picture has a pixel.
        guard var next = unsafe memory.baseAddress else { preconditionFailure("no memory") }
        var planes = unsafe InlineArray<3, Plane>(repeating: Plane(base: next, stride: stride(0)))
        for plane in 0..<format.planeCount {
            for later in plane..<3 {
                unsafe planes[later] = unsafe Plane(base: next, stride: stride(plane))
            }
            unsafe next += stride(plane) * format.rows(ofPlane: plane, height: height)
        }
        unsafe self.planes = unsafe planes
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Lends the picture for reading.
    public borrowing func withPicture<Result>(
        _ body: (borrowing Picture) throws -> Result
    ) rethrows -> Result {
        let picture = unsafe Picture(
            format: format, width: width, height: height, color: color, planes: planes)
        return try body(picture)
    }

    /// Lends the picture for drawing.
    public mutating func withMutablePicture<Result>(
        _ body: (inout MutablePicture) throws -> Result
    ) rethrows -> Result {
        var picture = unsafe MutablePicture(
            format: format, width: width, height: height, color: color, planes: planes)
        return try body(&picture)
    }

    /// All bytes, plane by plane and row by row, including padding.
    public var bytes: [UInt8] {
        get { unsafe [UInt8](memory) }
        set {
            unsafe precondition(newValue.count == memory.count, "as many bytes as the picture has")
            unsafe memory.copyBytes(from: newValue)
        }
    }
}

extension PixelFormat {
    /// Number of bytes in one row of a plane, without padding.
    public func bytes(inRowOfPlane plane: Int, width: Int) -> Int {
        columns(ofPlane: plane, width: width) * samplesPerColumn(ofPlane: plane) * bytesPerSample
    }
}
