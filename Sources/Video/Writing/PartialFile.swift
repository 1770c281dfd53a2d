internal import CFFmpeg

/// Growing output file: a fragment is appended completely or, if the disk is full, not at all.
///
/// A class because FFmpeg keeps its address for the write callback. The muxer's bytes are buffered
/// until ``commit(edit:)``.
@safe final class PartialFile {
    let file: LockedFile
    let mode: FileMode
    private(set) var size: Int64 = 0
    /// True if an earlier run had left a file of this name.
    let replacedLeftover: Bool
    private var pending: [UInt8] = []
    private(set) var io: UnsafeMutablePointer<AVIOContext>?

    /// Opens the growing file of a target.
    init(_ target: OutputTarget, mode: FileMode) throws(VideoError) {
        file = try target.openPartial(mode)
        self.mode = mode
        replacedLeftover = file.size > 0
        unsafe io = nil
        file.empty()
        unsafe io = try makeIO()
    }

    var path: String { file.path }

    deinit {
        if let io = unsafe io {
            unsafe av_free(io.pointee.buffer)
            var context: UnsafeMutablePointer<AVIOContext>? = unsafe io
            unsafe avio_context_free(&context)
        }
        if size == 0 { file.unlink() }
    }

    private func makeIO() throws(VideoError) -> UnsafeMutablePointer<AVIOContext> {
        let capacity = 65536
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        // SAFETY: the context is freed in deinit, so `self` outlives every call of the callback.
        let context = unsafe avio_alloc_context(
            av_malloc(capacity)?.assumingMemoryBound(to: UInt8.self), Int32(capacity), 1, owner,
            nil,
            { owner, bytes, count in
                guard let owner = unsafe owner, let bytes = unsafe bytes else { return 0 }
                let file = unsafe Unmanaged<PartialFile>.fromOpaque(owner).takeUnretainedValue()
                unsafe file.pending.append(
                    contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
                return count
            }, nil)
        guard let context = unsafe context else {
            throw VideoError(.other, "Writing \(path): out of memory.")
        }
        unsafe context.pointee.seekable = 0
        return unsafe context
    }

    /// True if the buffered bytes are whole boxes of an mp4 or mov file, or none.
    var holdsWholeBoxes: Bool {
        unsafe avio_flush(io)
        return pending.isEmpty || BoxSpan.areWhole(pending)
    }

    /// Drops the buffered bytes.
    func discard() { pending.removeAll() }

    /// Appends the buffered bytes to the file; `edit` may change the bytes at its start.
    func commit(edit: (inout [UInt8]) -> Void = { _ in }) throws(VideoError) {
        unsafe avio_flush(io)
        guard !pending.isEmpty else { return }
        if size == 0 { edit(&pending) }
        defer { pending.removeAll(keepingCapacity: true) }
        // A partial fragment would damage the file.
        try file.append(pending, note: "what was written before can be played")
        size += Int64(pending.count)
    }

    /// Flushes the file to disk.
    func synchronize() { file.synchronize() }
}
