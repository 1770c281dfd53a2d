internal import CFFmpeg

/// Memory of the FFmpeg libraries.
public enum FFmpegMemory {
    /// Limits each block that FFmpeg allocates from now on, in the whole process.
    ///
    /// FFmpeg joins the fragments of a frame in one block. A frame of endless fragments is dropped when its block
    /// reaches this size.
    ///
    /// - Parameter bytes: Largest block in bytes.
    public static func limitBlocks(bytes: Int) { av_max_alloc(bytes) }
}
