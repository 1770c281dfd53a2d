internal import Foundation

/// Files that are there whole, or as they were before, whatever ends the program or the machine.
enum DurableFile {
    /// Writes beside the file, waits until the disk has it, and puts it in the file's place.
    ///
    /// - Throws: ``CheckpointError/unwritable(file:problem:)``; what was there before is untouched.
    static func replace(_ url: URL, with bytes: [UInt8]) throws(CheckpointError) {
        let beside = url.appendingPathExtension("partial")
        do {
            if !FileManager.default.fileExists(atPath: beside.path) {
                try Data().write(to: beside)
            }
            let file = try FileHandle(forWritingTo: beside)
            defer { try? file.close() }
            try file.write(contentsOf: bytes)
            // What a killed program left there may have been longer.
            try file.truncate(atOffset: UInt64(bytes.count))
            try file.synchronize()
        } catch {
            try? FileManager.default.removeItem(at: beside)
            throw .unwritable(file: url.path, problem: reason(error))
        }
        // SAFETY: both paths are texts that outlive the call.
        guard unsafe rename(beside.path, url.path) == 0 else {
            throw .unwritable(file: url.path, problem: "its folder does not take the new name")
        }
        // The name is on the disk once the folder is; a system that knows no such thing loses nothing by that.
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
