internal import Foundation
internal import Video

/// Reason why the system refused access to a file or folder, as a clause that ends a sentence, with a remedy.
///
/// Foundation's own sentences begin with "The operation could not be completed".
public func fileErrorReason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission, .fileWriteNoPermission:
        "permission denied. Check its owner and mode, and those of its folder."
    case .fileNoSuchFile, .fileReadNoSuchFile:
        "there is no such file or folder. Check the path."
    case .fileWriteOutOfSpace: "no space left. Free some and start again."
    case .fileWriteVolumeReadOnly: "its file system may only be read. Choose another place."
    default: (underlyingError(of: error) ?? error).localizedDescription
    }
}

/// Error of the system that Foundation's error stands for; nil where none is known.
private func underlyingError(of error: any Error) -> (any Error)? {
    let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return inner?.domain == NSPOSIXErrorDomain ? inner : nil
}

extension RunError {
    /// Error of writing a file or folder: a full disk is ``ExitReason/diskFull``, anything else
    /// ``ExitReason/notWritable``.
    ///
    /// - Parameters:
    ///   - doing: The action and its object, such as `Writing counts to counts.csv`.
    ///   - error: Error of Foundation or of this package.
    public init(_ doing: String, writing error: any Error) {
        switch error {
        case let error as RunError: self = error
        case let error as VideoError: self.init(error)
        default:
            let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            self.init(isFull ? .diskFull : .notWritable, "\(doing): \(fileErrorReason(error))")
        }
    }
}

/// Checks, before any work, that its output can be written.
///
/// - Throws: A ``RunError`` for a file that must not be replaced, or a folder that is missing or read-only.
public func checkWritable(_ path: String, overwrite: Bool) throws(RunError) {
    do throws(VideoError) {
        try checkOutputNames(path, overwrite: overwrite)
    } catch {
        throw RunError(error)
    }
    let files = FileManager.default
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard SourceList.isFolder(folder) else {
        throw RunError(.notWritable, "Writing \(path): its folder does not exist. Make it first.")
    }
    guard files.isWritableFile(atPath: folder) else {
        throw RunError(
            .notWritable,
            "Writing \(path): its folder may not be written to. Check its owner and mode.")
    }
}
