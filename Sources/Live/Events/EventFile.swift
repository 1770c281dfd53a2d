internal import Foundation
internal import Pipeline
internal import Video

/// File to which lines are appended for months, locked against other runs.
///
/// The file may be truncated, renamed or removed while it is written, as by `logrotate`: the next line then begins a
/// new file. A line that was written in part only, by an earlier run, is ended first.
struct EventFile: Sendable {
    /// Path; `-` is standard output.
    let path: String
    /// The open file; nil for standard output, and after an error.
    private var file: LockedFile?

    /// Opens or creates a file.
    ///
    /// - Throws: A `RunError` when it cannot be written, or another run is writing it.
    init(_ path: String) throws(RunError) {
        self.path = path
        do throws(VideoError) {
            if path != "-" { file = try Self.open(path) }
        } catch {
            throw RunError(error)
        }
    }

    /// Appends a line, given with its end: completely, or not at all when the disk is full.
    ///
    /// - Throws: An error of the file system.
    mutating func append(_ line: String) throws {
        guard path != "-" else {
            return try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
        }
        if file?.isNamed != true {
            file = nil
            file = try Self.open(path)
        }
        try file?.append(Array(line.utf8))
    }

    private static func open(_ path: String) throws(VideoError) -> LockedFile {
        let file = try LockedFile(path, mode: .guarded)
        if let last = file.lastByte, last != UInt8(ascii: "\n") { try file.append([0x0A]) }
        return file
    }
}
