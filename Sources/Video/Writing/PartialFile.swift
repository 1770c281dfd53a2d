internal import CFFmpeg
internal import Glibc

/// Growing output file: a fragment is appended completely or, if the disk is full, not at all.
///
/// A class because FFmpeg keeps its address for the write callback. The muxer's bytes are buffered
/// until ``commit(edit:)``.
@safe final class PartialFile {
    let path: String
    private(set) var size: Int64 = 0
    /// True if an earlier run had left a file of this name.
    private(set) var replacedLeftover = false
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private(set) var io: UnsafeMutablePointer<AVIOContext>?

    init(path: String) throws(VideoError) {
        self.path = path
        descriptor = try Self.openLocked(path)
        unsafe io = nil
        replacedLeftover = lseek(descriptor, 0, SEEK_END) > 0
        ftruncate(descriptor, 0)
        lseek(descriptor, 0, SEEK_SET)
        unsafe io = try makeIO()
    }

    /// Opens and locks the file.
    ///
    /// Throws before an object exists, whose `deinit` would close the descriptor and remove the
    /// file.
    private static func openLocked(_ path: String) throws(VideoError) -> Int32 {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemError(errno, "Writing \(path)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isNamed(descriptor, path) else {
            close(descriptor)
            throw VideoError(.exists, "Writing \(path): another run is writing it.")
        }
        return descriptor
    }

    deinit {
        if let io = unsafe io {
            unsafe av_free(io.pointee.buffer)
            var context: UnsafeMutablePointer<AVIOContext>? = unsafe io
            unsafe avio_context_free(&context)
        }
        if size == 0 { unlinkPartial() }
        close(descriptor)
    }

    /// False if another run renamed the file between opening and locking.
    private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
        var mine = stat()
        var named = stat()
        guard unsafe fstat(descriptor, &mine) == 0, unsafe stat(path, &named) == 0 else {
            return false
        }
        return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
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
        let number = unsafe pending.withUnsafeBytes { bytes in unsafe writeAll(bytes) }
        guard number == 0 else {
            // A partial fragment would damage the file.
            ftruncate(descriptor, off_t(size))
            throw systemError(
                number, "Writing \(path)", note: "what was written before can be played")
        }
        size += Int64(pending.count)
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = unsafe pwrite(
                descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done,
                off_t(size) + off_t(done))
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count < 0 ? errno : ENOSPC }
            done += count
        }
        return 0
    }

    /// Removes the name of the growing file after the plain one has replaced it.
    func unlinkPartial() {
        if Self.isNamed(descriptor, path) { unsafe unlink(path) }
    }

    /// Flushes the file to disk.
    func synchronize() { fdatasync(descriptor) }
}
