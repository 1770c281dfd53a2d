internal import CFFmpeg
internal import Pixels

/// Scales frames to packed RGB, straight into the caller's memory.
///
/// Bilinear while neither side shrinks by more than 1.5, area averaging beyond that. Bit-exact on
/// every processor. Caches the contexts of recent sizes and formats.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe public struct Scaler: ~Copyable, @unchecked Sendable {
    private var contexts: [Context] = []
    private static let capacity = 4

    /// Creates an empty scaler.
    public init() {}

    /// Writes a frame as packed 8-bit RGB into a rectangle of a canvas; pixels outside it are
    /// unchanged.
    ///
    /// `canvas` holds `canvasHeight` rows of `canvasWidth × 3` bytes. Throws if FFmpeg cannot
    /// convert the format.
    public mutating func scale(
        _ frame: borrowing Frame, to placement: CanvasRectangle,
        into canvas: inout MutableSpan<UInt8>
    ) throws(VideoError) {
        let bytes = placement.canvasWidth * placement.canvasHeight * 3
        precondition(canvas.count == bytes, "the canvas has another size than its placement says")
        let context = try context(for: Key(frame, placement))
        let offset = (placement.y * placement.canvasWidth + placement.x) * 3
        let code = unsafe canvas.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return Int32(0) }
            return unsafe tl_scale_to_plane(
                context.pointer, frame.pointer, base + offset, Int32(placement.canvasWidth * 3))
        }
        try check(code, "Scaling a frame")
    }

    private struct Key: Hashable {
        let width: Int
        let height: Int
        let format: Int32
        let color: ColorDescription
        let targetWidth: Int
        let targetHeight: Int

        init(_ frame: borrowing Frame, _ placement: CanvasRectangle) {
            width = frame.width
            height = frame.height
            format = unsafe frame.pointer.pointee.format
            color = frame.color
            targetWidth = placement.width
            targetHeight = placement.height
        }

        /// Interpolation, and the flags that make results independent of the processor.
        var flags: Int32 {
            let shrinks =
                2 * width > 3 * targetWidth || 2 * height > 3 * targetHeight
            return (shrinks ? tl_scale_area : tl_scale_bilinear)
                | tl_scale_accurate_rounding | tl_scale_bit_exact | tl_scale_full_chroma
        }
    }

    @safe private final class Context {
        let key: Key
        let pointer: OpaquePointer

        init(_ key: Key) throws(VideoError) {
            let made = unsafe tl_scaler_fit(
                nil, Int32(key.width), Int32(key.height), AVPixelFormat(key.format),
                Int32(key.targetWidth), Int32(key.targetHeight), AV_PIX_FMT_RGB24, key.flags)
            guard let made = unsafe made else {
                throw VideoError(
                    .unsupported,
                    "Scaling \(key.width)×\(key.height) to \(key.targetWidth)×\(key.targetHeight): "
                        + "FFmpeg does not support that.")
            }
            let matrix =
                switch key.color.matrix {
                case .bt601: SWS_CS_ITU601
                case .bt709: SWS_CS_ITU709
                case .bt2020: SWS_CS_BT2020
                }
            unsafe tl_scaler_set_colors(
                made, matrix, key.color.isFullRange ? 1 : 0, SWS_CS_DEFAULT, 1)
            self.key = key
            unsafe pointer = unsafe made
        }

        deinit { unsafe tl_scaler_free(pointer) }
    }

    private mutating func context(for key: Key) throws(VideoError) -> Context {
        if let known = contexts.first(where: { $0.key == key }) { return known }
        FFmpegLog.capture()
        let made = try Context(key)
        if contexts.count == Self.capacity { contexts.removeFirst() }
        contexts.append(made)
        return made
    }
}
