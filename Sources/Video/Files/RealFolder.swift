internal import Glibc

/// Folder whose regular files are listed and removed, never what links in it lead to.
///
/// It is open from its first use on: a folder that gets its name later is not touched.
package final class RealFolder: Sendable {
    /// Path under which it was opened.
    package let path: String
    private let descriptor: Int32

    /// Opens a folder; nil for anything else, such as a link to one.
    package init?(_ path: String) {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    /// Opens a folder, following links, for a path that a person has given.
    package init?(given path: String) {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Locks the folder against other runs, for as long as this value lives.
    ///
    /// Returns false if another run has locked it. File systems without locks of folders, such as
    /// NFS, permit every run.
    package func lock() -> Bool {
        flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
    }

    /// Names of everything in the folder.
    package var names: [String] {
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let list = unsafe fdopendir(copy) else {
            close(copy)
            return []
        }
        defer { unsafe closedir(list) }
        var names: [String] = []
        while let entry = unsafe readdir(list) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Size of a regular file in bytes; nil for anything else.
    package func size(of name: String) -> Int? {
        var status = stat()
        guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return Int(status.st_size)
    }

    /// Opens a regular file to read, following no link; nil for anything else.
    ///
    /// - Returns: A descriptor, which the caller closes, and the size in bytes.
    package func open(_ name: String) -> (descriptor: Int32, size: Int)? {
        let descriptor = unsafe openat(
            self.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return (descriptor, Int(status.st_size))
    }

    /// Removes a regular file; one that does not exist is no error.
    ///
    /// - Throws: ``VideoError`` for anything but a regular file, or if the system refuses.
    package func remove(_ name: String) throws(VideoError) {
        var status = stat()
        guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw VideoError(.notWritable, "Removing \(path)/\(name): it is not a regular file.")
        }
        guard unsafe unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
            throw systemError(errno, "Removing \(path)/\(name)")
        }
    }

    /// Throws if no file can be made in the folder.
    package func checkWritable() throws(VideoError) {
        let name = ".thunderline-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let trial = unsafe openat(
            descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard trial >= 0 else { throw systemError(errno, "Writing to \(path)") }
        close(trial)
        unsafe _ = unlinkat(descriptor, name, 0)
    }
}
