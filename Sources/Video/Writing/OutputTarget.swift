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

    /// Names for a path; `ending` is its extension with the dot, by default from the last dot on.
    init(_ path: String, ending: String? = nil, overwrite: Bool) throws(VideoError) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path.index(after: $0) } ?? path.startIndex
        let dot = ending.map { path.index(path.endIndex, offsetBy: -$0.count) }
        guard let dot = dot ?? path[name...].lastIndex(of: "."), dot > name else {
            throw VideoError(
                .unsupported, "Writing \(path): the name has nothing before its extension.")
        }
        self.path = path
        partial = "\(path[..<dot]).partial\(path[dot...])"
        finishing = "\(path[..<dot]).finishing\(path[dot...])"
        self.overwrite = overwrite
    }

    /// Throws if the target exists and may not be replaced, or is not a regular file.
    func checkFree() throws(VideoError) { try Self.checkFree(path, overwrite: overwrite) }

    /// Throws if the temporary names lead to anything but regular files of this user.
    func checkTemporaryNames() throws(VideoError) {
        for name in [partial, finishing] { try LockedFile.checkName(name) }
    }

    /// Opens the growing file, after ``checkFree()``; it may hold what a killed run left.
    func openPartial(_ mode: FileMode) throws(VideoError) -> LockedFile {
        try checkFree()
        unlinkSecondName()
        return try LockedFile(partial, mode: mode)
    }

    /// Removes the growing file's name if the finished file has it as well, as after a crash between
    /// linking and unlinking.
    func unlinkSecondName() {
        if let target = FileIdentity(path), FileIdentity(partial) == target {
            unsafe _ = unlink(partial)
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

    /// Size of a file in bytes; 0 if it does not exist.
    static func size(of path: String) -> Int64 {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Gives a finished file the target's name, atomically and without replacing a file that may not
    /// be replaced, nor anything but a regular file.
    func take(_ file: LockedFile) throws(VideoError) {
        guard file.isNamed else {
            throw VideoError(
                .notWritable,
                "Naming \(path): \(file.path) was removed or renamed meanwhile, so the output has no name."
            )
        }
        do throws(VideoError) {
            if overwrite { try checkFree() }
        } catch {
            throw VideoError(error.kind, "\(error.message) The output is \(file.path).")
        }
        let number = overwrite ? replace(file.path) : add(file)
        guard number != 0 else { return }
        if number == EEXIST {
            throw VideoError(
                .exists,
                "Writing \(path): another file took that name meanwhile; the output is \(file.path)."
            )
        }
        throw systemError(number, "Naming \(path)", note: "the output is \(file.path)")
    }

    private func replace(_ finished: String) -> Int32 { unsafe named(rename(finished, path)) }

    /// Adds the target's name with a link, which fails where the name exists; returns an `errno`.
    private func add(_ file: LockedFile) -> Int32 {
        let number = unsafe named(link(file.path, path))
        if number == 0 {
            file.unlink()
            return 0
        }
        guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(number) else { return number }
        // File systems without hard links (FAT, some network shares): an empty file reserves the name.
        let reserved = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard reserved >= 0 else { return errno }
        close(reserved)
        return replace(file.path)
    }
}

/// Identity of the file of a name, by device and inode; a link is a file of its own.
struct FileIdentity: Equatable {
    private let device: dev_t
    private let number: ino_t

    /// Nil if nothing has the name.
    init?(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        (device, number) = (status.st_dev, status.st_ino)
    }
}

extension OutputTarget {
    /// Throws if something has the name of an output that may not be replaced: any file without
    /// `overwrite`, and anything but a regular file always.
    fileprivate static func checkFree(_ path: String, overwrite: Bool) throws(VideoError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else {
            let name =
                [S_IFLNK: "is a link, which is not followed", S_IFDIR: "is a folder"][kind]
                ?? "exists and is not a regular file"
            throw VideoError(.notWritable, "Writing \(path): it \(name). Name another file.")
        }
        guard overwrite else {
            throw VideoError(
                .exists, "Writing \(path): it exists already; --overwrite replaces it.")
        }
    }
}

/// Checks, before any work, the names that an output will need.
///
/// - Throws: ``VideoError`` if the target may not be replaced, or if it or a temporary name is not a
///   regular file of this user.
package func checkOutputNames(_ path: String, overwrite: Bool) throws(VideoError) {
    guard let target = try? OutputTarget(path, overwrite: overwrite) else { return }
    try target.checkFree()
    try target.checkTemporaryNames()
}
