internal import CFFmpeg

extension ImageFile {
    /// Writes 8-bit red, green, blue as an image in the format of the extension of `path`.
    ///
    /// - Parameters:
    ///   - rgb: Three bytes a pixel, rows without gaps.
    ///   - width: Columns.
    ///   - height: Rows.
    ///   - path: Path of the image; see ``write(_:to:overwrite:)``.
    ///   - overwrite: True to replace a file that exists.
    /// - Throws: A ``VideoError`` when the extension is unknown or the file cannot be written.
    public static func write(
        rgb: Span<UInt8>, width: Int, height: Int, to path: String, overwrite: Bool = true
    ) throws(VideoError) {
        precondition(width > 0 && height > 0 && rgb.count == 3 * width * height, "not one picture")
        guard let pointer = unsafe av_frame_alloc() else {
            throw VideoError(.other, "Writing \(path): out of memory.")
        }
        let frame = unsafe Frame(
            owning: pointer, index: 0, timestamp: Timestamp(ticks: 0, timeBase: Ratio(1, 25)),
            duration: 0, isCorrupt: false)
        unsafe pointer.pointee.format = AV_PIX_FMT_RGB24.rawValue
        unsafe pointer.pointee.width = Int32(width)
        unsafe pointer.pointee.height = Int32(height)
        try check(unsafe av_frame_get_buffer(pointer, 0), "Writing \(path)")
        guard let base = unsafe pointer.pointee.data.0 else {
            throw VideoError(.other, "Writing \(path): out of memory.")
        }
        let stride = unsafe Int(pointer.pointee.linesize.0)
        for row in 0..<height {
            for place in 0..<3 * width {
                unsafe base[row * stride + place] = rgb[3 * row * width + place]
            }
        }
        try write(frame, to: path, overwrite: overwrite)
    }
}
