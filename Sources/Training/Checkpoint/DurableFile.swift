internal import Foundation

/// Atomic file replacement that survives crashes of the program or machine.
enum DurableFile {
    /// Writes a temporary file next to the target, syncs it to disk, and renames it.
    ///
    /// - Throws: ``CheckpointError/unwritable(file:problem:)``; the existing file is unchanged.
    static func replace(_ url: URL, with bytes: [UInt8]) throws(CheckpointError) {
        let beside = url.appendingPathExtension("partial")
        do {
            if !FileManager.default.fileExists(atPath: beside.path) {
                try Data().write(to: beside)
            }
            let file = try FileHandle(forWritingTo: beside)
            defer { try? file.close() }
            try file.write(contentsOf: bytes)
            // A temporary file left by a killed program may be longer.
            try file.truncate(atOffset: UInt64(bytes.count))
            try file.synchronize()
        } catch {
            try? FileManager.default.removeItem(at: beside)
            throw .unwritable(file: url.path, problem: reason(error))
        }
        // SAFETY: both paths are strings that outlive the call.
        guard unsafe rename(beside.path, url.path) == 0 else {
            throw .unwritable(file: url.path, problem: "renaming the temporary file failed")
        }
        // Syncing the folder makes the rename durable; file systems without this feature do not need it.
        let folder = try? FileHandle(forReadingFrom: url.deletingLastPathComponent())
        try? folder?.synchronize()
        try? folder?.close()
    }

    private static func reason(_ error: any Error) -> String {
        var error = error as NSError
        while let under = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = under }
        guard
            error.domain == NSPOSIXErrorDomain
                || error.code == CocoaError.Code.fileWriteOutOfSpace.rawValue
        else { return error.localizedDescription }
        let isFull = error.code == Int(ENOSPC) || error.domain == NSCocoaErrorDomain
        return isFull ? "the disk is full" : error.localizedDescription
    }
}
