internal import Foundation
internal import Pipeline

/// File to which lines are appended for months.
///
/// It may be truncated, renamed or removed meanwhile, as by `logrotate`: the next line then begins a
/// new file. A line that was written in part only, in this run or an earlier one, is ended first.
struct EventFile: Sendable {
    /// Path; `-` is standard output.
    let path: String
    private var file: FileHandle
    private var fileNumber: Int?
    /// True when the last line has no end.
    private var isIncomplete = false

    /// Opens or creates a file.
    ///
    /// - Throws: A `RunError` when it cannot be written.
    init(_ path: String) throws(RunError) {
        self.path = path
        file = .standardOutput
        guard path != "-" else { return }
        do {
            try open()
        } catch {
            throw RunError(.notWritable, "Writing events to \(path): \(fileErrorReason(error))")
        }
    }

    /// Appends a line, given with its end.
    ///
    /// - Throws: An error of the file system.
    mutating func append(_ line: String) throws {
        if path != "-" {
            if Self.fileNumber(of: path) != fileNumber { try open() }
            try file.seekToEnd()
        }
        let wasIncomplete = isIncomplete
        isIncomplete = true
        try file.write(contentsOf: Data(((wasIncomplete ? "\n" : "") + line).utf8))
        isIncomplete = false
    }

    private mutating func open() throws {
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(fileURLWithPath: path))
        }
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        fileNumber = Self.fileNumber(of: path)
        let size = try file.seekToEnd()
        guard size > 0 else {
            isIncomplete = false
            return
        }
        try file.seek(toOffset: size - 1)
        isIncomplete = try file.read(upToCount: 1) != Data([UInt8(ascii: "\n")])
    }

    /// Inode number of a file, which changes when it is replaced.
    private static func fileNumber(of path: String) -> Int? {
        try? FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
}
