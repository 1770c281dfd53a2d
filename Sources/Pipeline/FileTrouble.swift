internal import Foundation

/// Why the system refused a file or folder, as a clause that ends a sentence, with what to try.
///
/// Foundation's own sentences begin with "The operation could not be completed".
public func fileTrouble(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission, .fileWriteNoPermission:
        "permission denied. Check its owner and mode, and those of its folder."
    case .fileNoSuchFile, .fileReadNoSuchFile:
        "there is no such file or folder. Check the path."
    case .fileWriteOutOfSpace: "no space left. Free some and start again."
    case .fileWriteVolumeReadOnly: "its file system may only be read. Choose another place."
    default: error.localizedDescription
    }
}
