internal import Glibc

/// Error with a readable message for the `errno` of a write.
///
/// A full disk, an exhausted quota and a limit on file size are all ``VideoError/Kind/diskFull``.
func systemError(_ number: Int32, _ doing: String, note: String? = nil) -> VideoError {
    let reason =
        switch number {
        case ENOENT: "its folder does not exist"
        case ENOTDIR: "a part of its folder's name is a file"
        case EACCES, EPERM: "writing there is not allowed"
        case EROFS: "the file system is read-only"
        case ENOSPC, EDQUOT: "no space left"
        case EFBIG: "a file of that size is not allowed, by the file system or a limit (ulimit -f)"
        case ELOOP: "it is a link, which is not followed"
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

/// Error of an FFmpeg call while writing; the code is a negated `errno`.
func outputError(_ code: Int32, _ doing: String) -> VideoError {
    let known = [ENOSPC, EDQUOT, EFBIG, EIO, EACCES, EROFS, ENOENT]
    if known.contains(-code) { return systemError(-code, doing) }
    return VideoError(.unsupported, "\(doing): \(ffmpegMessage(code)).")
}
