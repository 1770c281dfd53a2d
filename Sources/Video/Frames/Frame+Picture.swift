internal import CFFmpeg
public import Pixels

extension Frame {
    /// Memory layout of the samples.
    public var format: PixelFormat {
        guard let format = unsafe PixelFormat(AVPixelFormat(pointer.pointee.format)) else {
            preconditionFailure("a frame holds a format that nothing can read")
        }
        return format
    }

    /// Colour matrix and range.
    public var color: ColorDescription { unsafe ColorDescription(pointer) }

    /// True for interlaced frames.
    public var isInterlaced: Bool { unsafe tl_frame_is_interlaced(pointer) }

    /// True for key frames.
    public var isKey: Bool { unsafe tl_frame_is_key(pointer) }

    /// Lends the pixels for reading.
    public borrowing func withPicture<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Picture) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let picture = unsafe Picture(
            format: format, width: width, height: height, color: color, planes: planes)
        return try body(picture)
    }

    /// Lends the pixels for drawing; copies them first if the decoder still references them.
    ///
    /// Returns the result of `body`. Throws a ``VideoError`` if memory for the copy runs out, and
    /// rethrows errors of `body`.
    public mutating func withMutablePicture<Result: ~Copyable>(
        _ body: (inout MutablePicture) throws(VideoError) -> Result
    ) throws(VideoError) -> Result {
        if unsafe av_frame_is_writable(pointer) == 0 {
            try check(unsafe av_frame_make_writable(pointer), "Copying a frame to draw on it")
            wasCopied = true
        }
        var picture = unsafe MutablePicture(
            format: format, width: width, height: height, color: color, planes: planes)
        return try body(&picture)
    }

    /// Planes of the `AVFrame`; missing ones repeat the last.
    private var planes: InlineArray<3, Plane> {
        let last = format.planeCount - 1
        return unsafe InlineArray { index in
            let plane = Int32(min(index, last))
            guard let base = unsafe tl_frame_plane(pointer, plane) else {
                preconditionFailure("a frame lacks a plane that its format has")
            }
            return unsafe Plane(base: base, stride: Int(tl_frame_stride(pointer, plane)))
        }
    }
}
