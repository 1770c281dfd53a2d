internal import Glibc

/// Mode of a new file, before the umask.
package enum FileMode: UInt32, Sendable {
    /// As the umask says: outputs of a command that a person runs.
    case shared = 0o666
    /// Nothing for other users: what cameras see.
    case guarded = 0o640
}

/// Regular file of this user, locked against other runs and known by its inode.
///
/// A name in a folder that others may write to can lead anywhere. Opened are only regular files of
/// this user with a single name: no link, FIFO or device. Nothing is emptied, removed or renamed
/// before the file is locked and still has its name, so two runs never hold the same file.
package final class LockedFile: Sendable {
    /// Path under which it was opened.
    package let path: String
    private let descriptor: Int32

    /// Opens a file, or creates it with this mode; a `mode` of nil creates none.
    ///
    /// - Throws: ``VideoError`` of kind `exists` if another run holds it, `notWritable` if it may not
    ///   be written, `notFound` without a mode.
    package init(_ path: String, mode: FileMode?) throws(VideoError) {
        self.path = path
        descriptor = try Self.open(path, mode)
    }

    deinit { close(descriptor) }

    private static func open(_ path: String, _ mode: FileMode?) throws(VideoError) -> Int32 {
        let flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        var descriptor: Int32 = -1
        if let mode {
            descriptor = unsafe Glibc.open(path, flags | O_CREAT | O_EXCL, mode.rawValue)
        }
        let isNew = descriptor >= 0
        if !isNew && (mode == nil || errno == EEXIST) {
            // Opening a device can have effects, so its kind is checked before.
            try checkName(path)
            descriptor = unsafe Glibc.open(path, flags)
        }
        guard descriptor >= 0 else { throw systemError(errno, "Writing \(path)") }
        do throws(VideoError) {
            try lock(descriptor, path, isNew: isNew)
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Throws if a name leads to anything but a regular file of this user; one that is free is well.
    static func checkName(_ path: String) throws(VideoError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENAMETOOLONG { throw systemError(ENAMETOOLONG, "Writing \(path)") }
            return
        }
        try check(status, path)
    }

    private static func lock(
        _ descriptor: Int32, _ path: String, isNew: Bool
    ) throws(VideoError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw systemError(errno, "Writing \(path)")
        }
        // New files may have another owner on network shares.
        if !isNew { try check(status, path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw systemError(errno, "Locking \(path)") }
            throw VideoError(.exists, "Writing \(path): another run is writing it.")
        }
        guard isNamed(descriptor, path) else {
            throw VideoError(.exists, "Writing \(path): another run has just finished it.")
        }
    }

    /// Throws for anything but a regular file of this user with one name.
    private static func check(_ status: stat, _ path: String) throws(VideoError) {
        guard let problem = problem(status) else { return }
        throw VideoError(
            .notWritable,
            "Writing \(path): it \(problem). Remove it, or write to another folder or name.")
    }

    private static func problem(_ status: stat) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFLNK: return "is a link, which is not followed"
        case S_IFDIR: return "is a folder"
        default: return "exists and is not a regular file"
        }
        if status.st_nlink > 1 { return "is a file with a second name (a hard link)" }
        if status.st_uid != geteuid() { return "belongs to another user" }
        return nil
    }

    /// True while its path names this file and no other.
    package var isNamed: Bool { Self.isNamed(descriptor, path) }

    private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
        var mine = stat()
        var named = stat()
        guard unsafe fstat(descriptor, &mine) == 0, unsafe lstat(path, &named) == 0 else {
            return false
        }
        return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
    }

    /// Size in bytes.
    package var size: Int64 {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Last byte; nil for an empty file.
    package var lastByte: UInt8? {
        var byte: UInt8 = 0
        return unsafe pread(descriptor, &byte, 1, off_t(max(size - 1, 0))) == 1 ? byte : nil
    }

    /// Removes all content.
    package func empty() { ftruncate(descriptor, 0) }

    /// Appends all bytes, or none if the disk is full.
    ///
    /// - Throws: ``VideoError``; `note` says what is left.
    package func append(_ bytes: [UInt8], note: String? = nil) throws(VideoError) {
        let before = size
        let number = unsafe bytes.withUnsafeBytes { bytes in unsafe write(bytes) }
        guard number != 0 else { return }
        if size > before { ftruncate(descriptor, off_t(before)) }
        throw systemError(number, "Writing \(path)", note: note)
    }

    /// Writes at the current end of the file; returns an `errno`, 0 for success.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = unsafe Glibc.write(
                descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count < 0 ? errno : ENOSPC }
            done += count
        }
        return 0
    }

    /// Path that leads to this file even if its name points to another one, for libraries that open
    /// by name.
    var descriptorPath: String {
        let path = "/proc/self/fd/\(descriptor)"
        return unsafe access(path, F_OK) == 0 ? path : self.path
    }

    /// Flushes the file to disk.
    package func synchronize() { fsync(descriptor) }

    /// Removes its name, if it still names this file.
    package func unlink() {
        if isNamed { unsafe _ = Glibc.unlink(path) }
    }
}
