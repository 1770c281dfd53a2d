internal import CFFmpeg

/// Memory of the FFmpeg libraries.
public enum FFmpegMemory {
    /// Limits each block that FFmpeg allocates from now on, in the whole process.
    ///
    /// What a camera sends in pieces is joined in one block: a frame of which more and more pieces come takes up
    /// memory until the block reaches this size, and is then dropped.
    public static func limitBlocks(bytes: Int) { av_max_alloc(bytes) }
}
