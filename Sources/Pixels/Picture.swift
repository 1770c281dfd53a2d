/// One plane of a borrowed picture: address and stride.
@unsafe public struct Plane {
    /// Address of the first sample of the first row.
    public let base: UnsafeMutableRawPointer
    /// Bytes from one row to the next; negative for bottom-up pictures.
    public let stride: Int

    /// Creates a view of a plane that the caller owns.
    public init(base: UnsafeMutableRawPointer, stride: Int) {
        unsafe self.base = unsafe base
        unsafe self.stride = stride
    }
}

/// Layout of a plane's rows within its bytes.
public struct PlaneRows: Hashable, Sendable {
    /// Offset of the first row, in bytes.
    public let origin: Int
    /// Bytes from one row to the next; negative for bottom-up pictures.
    public let stride: Int
}

/// Read-only view of a picture's planes.
///
/// It owns nothing and cannot outlive the call it is passed to: it is noncopyable and only ever passed as a
/// borrowed argument.
@safe public struct Picture: ~Copyable {
    /// Pixel format: arrangement and depth of the samples.
    public let format: PixelFormat
    /// Width in luma columns.
    public let width: Int
    /// Height in luma rows.
    public let height: Int
    /// Colour space of the samples.
    public let color: ColorDescription
    let planes: InlineArray<3, Plane>

    /// Wraps planes that the caller keeps alive and unchanged for as long as this value exists.
    ///
    /// `planes` holds `format.planeCount` valid planes; the remaining ones repeat the last.
    @unsafe public init(
        format: PixelFormat, width: Int, height: Int, color: ColorDescription,
        planes: InlineArray<3, Plane>
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.color = color
        unsafe self.planes = unsafe planes
    }

    /// Lends one row of 8-bit samples; components that share the plane are interleaved.
    public borrowing func withRow<Result>(
        plane: Int, _ y: Int, _ body: (Span<UInt8>) throws -> Result
    ) rethrows -> Result {
        precondition(format.bytesPerSample == 1, "the picture has 16-bit samples")
        return try body(unsafe row(plane: plane, y, as: UInt8.self).span)
    }

    /// Lends one row of 16-bit samples; components that share the plane are interleaved.
    public borrowing func withWideRow<Result>(
        plane: Int, _ y: Int, _ body: (Span<UInt16>) throws -> Result
    ) rethrows -> Result {
        precondition(format.bytesPerSample == 2, "the picture has 8-bit samples")
        return try body(unsafe row(plane: plane, y, as: UInt16.self).span)
    }

    /// Lends whole planes as bytes, for callers that read many rows.
    ///
    /// - Parameter body: Receives each plane's bytes, from the lowest address of any row to the end of the highest,
    ///   and the layout of its rows in them; planes that the format lacks repeat the last.
    /// - Returns: What `body` returns.
    public borrowing func withBytes<Result>(
        _ body: (Span<UInt8>, Span<UInt8>, Span<UInt8>, InlineArray<3, PlaneRows>) throws -> Result
    ) rethrows -> Result {
        let rows = InlineArray<3, PlaneRows> { self.rows(ofPlane: $0) }
        return try unsafe body(
            bytes(ofPlane: 0, rows[0]).span, bytes(ofPlane: 1, rows[1]).span,
            bytes(ofPlane: 2, rows[2]).span, rows)
    }

    private func rows(ofPlane plane: Int) -> PlaneRows {
        let plane = min(plane, format.planeCount - 1)
        let stride = unsafe planes[plane].stride
        let below = (format.rows(ofPlane: plane, height: height) - 1) * stride
        return PlaneRows(origin: max(0, -below), stride: stride)
    }

    @unsafe private func bytes(
        ofPlane plane: Int, _ rows: PlaneRows
    ) -> UnsafeMutableBufferPointer<UInt8> {
        let plane = min(plane, format.planeCount - 1)
        let below = (format.rows(ofPlane: plane, height: height) - 1) * abs(rows.stride)
        let start = unsafe planes[plane].base - rows.origin
        return unsafe UnsafeMutableBufferPointer(
            start: start.assumingMemoryBound(to: UInt8.self),
            count: below + format.bytes(inRowOfPlane: plane, width: width))
    }

    /// Samples of one row; valid as long as the picture.
    @unsafe func row<Sample>(
        plane: Int, _ y: Int, as type: Sample.Type
    ) -> UnsafeMutableBufferPointer<Sample> {
        precondition(y >= 0 && y < format.rows(ofPlane: plane, height: height), "row outside")
        let count =
            format.columns(ofPlane: plane, width: width) * format.samplesPerColumn(ofPlane: plane)
        let start = unsafe planes[plane].base + y * planes[plane].stride
        return unsafe UnsafeMutableBufferPointer(
            start: start.assumingMemoryBound(to: type), count: count)
    }
}

/// Mutable view of a picture's planes; see ``Picture``.
@safe public struct MutablePicture: ~Copyable {
    /// The same picture as a read-only view.
    public let picture: Picture

    /// Wraps planes that nothing else accesses for as long as this value exists; see ``Picture``.
    @unsafe public init(
        format: PixelFormat, width: Int, height: Int, color: ColorDescription,
        planes: InlineArray<3, Plane>
    ) {
        picture = unsafe Picture(
            format: format, width: width, height: height, color: color, planes: planes)
    }

    /// Lends one row of 8-bit samples for reading and writing.
    public mutating func withRow<Result>(
        plane: Int, _ y: Int, _ body: (inout MutableSpan<UInt8>) throws -> Result
    ) rethrows -> Result {
        precondition(picture.format.bytesPerSample == 1, "the picture has 16-bit samples")
        var span = unsafe picture.row(plane: plane, y, as: UInt8.self).mutableSpan
        return try body(&span)
    }

    /// Lends one row of 16-bit samples for reading and writing.
    public mutating func withWideRow<Result>(
        plane: Int, _ y: Int, _ body: (inout MutableSpan<UInt16>) throws -> Result
    ) rethrows -> Result {
        precondition(picture.format.bytesPerSample == 2, "the picture has 8-bit samples")
        var span = unsafe picture.row(plane: plane, y, as: UInt16.self).mutableSpan
        return try body(&span)
    }
}
