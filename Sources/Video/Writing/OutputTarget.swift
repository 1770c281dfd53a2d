internal import Glibc

/// Names of an output: the final one and the temporary ones.
///
/// The growing file is `NAME.partial.EXT`, locked so that no two runs write to it. A file of that
/// name left by a killed run is replaced, because the same output is made again. At the end it is
/// rewritten as `NAME.finishing.EXT`, which is renamed to the target.
struct OutputTarget: Sendable {
    let path: String
    let partial: String
    let finishing: String
    let overwrite: Bool

    init(_ path: String, overwrite: Bool) throws(VideoError) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[name...].lastIndex(of: "."), dot > name else {
            throw VideoError(
                .unsupported, "Writing \(path): the name has nothing before its extension.")
        }
        self.path = path
        partial = "\(path[..<dot]).partial\(path[dot...])"
        finishing = "\(path[..<dot]).finishing\(path[dot...])"
        self.overwrite = overwrite
    }

    /// Throws if the target exists and may not be replaced, or is not a regular file.
    func checkFree() throws(VideoError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw VideoError(
                .notWritable, "Writing \(path): it exists and is not a regular file.")
        }
        guard overwrite else {
            throw VideoError(
                .exists, "Writing \(path): it exists already; --overwrite replaces it.")
        }
    }

    /// True if the target is the source file.
    func isSource(_ name: String) -> Bool {
        var target = stat()
        var source = stat()
        guard unsafe stat(path, &target) == 0, unsafe stat(name, &source) == 0 else { return false }
        return target.st_dev == source.st_dev && target.st_ino == source.st_ino
    }

    private func named(_ result: Int32) -> Int32 { result == 0 ? 0 : errno }

    /// Removes a file if it exists.
    static func remove(_ path: String) { unsafe unlink(path) }

    /// Size of a file in bytes; 0 if it does not exist.
    static func size(of path: String) -> Int64 {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Flushes a file to disk.
    static func synchronize(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Renames a finished file to the target, atomically and without replacing a file that may not
    /// be replaced.
    func take(_ finished: String) throws(VideoError) {
        var number = unsafe overwrite ? named(rename(finished, path)) : named(link(finished, path))
        if number == 0 {
            if !overwrite { unsafe unlink(finished) }
            return
        }
        // File systems without hard links (FAT, some network shares) leave a moment between check
        // and rename.
        if !overwrite, [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(number) {
            number = unsafe access(path, F_OK) == 0 ? EEXIST : named(rename(finished, path))
            if number == 0 { return }
        }
        if number == EEXIST {
            unsafe rename(finished, partial)
            throw VideoError(
                .exists,
                "Writing \(path): another file took that name meanwhile; the output is \(partial).")
        }
        throw systemError(number, "Naming \(path)", note: "the output is \(finished)")
    }
}

/// Error with a readable message for an `errno`.
func systemError(_ number: Int32, _ doing: String, note: String? = nil) -> VideoError {
    let reason =
        switch number {
        case ENOENT: "its folder does not exist"
        case ENOTDIR: "a part of its folder's name is a file"
        case EACCES, EPERM: "writing there is not allowed"
        case EROFS: "the file system is read-only"
        case ENOSPC, EDQUOT: "no space left"
        case EFBIG: "the file system allows no file of that size"
        default: unsafe String(cString: strerror(number))
        }
    let kind: VideoError.Kind =
        switch number {
        case ENOSPC, EDQUOT, EFBIG: .diskFull
        case EEXIST: .exists
        default: .notWritable
        }
    return VideoError(kind, "\(doing): \(reason)" + (note.map { "; \($0)." } ?? "."))
}
