internal import Foundation
internal import Pipeline

/// A file to which lines are added for months, whatever else happens to it meanwhile.
///
/// It may be renamed or removed, as programs do that begin a new log every day: the next line begins a new one. It may be
/// emptied. A line that could be written in part only, or was cut off by the death of an earlier run, is ended before
/// the next.
struct LineFile: Sendable {
    /// Its path; `-` is standard output.
    let path: String
    private var file: FileHandle
    private var number: Int?
    /// The last line has no end.
    private var isTorn = false

    /// Opens a file, or makes it.
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

    /// Adds a line, given with its end.
    ///
    /// - Throws: What the file system says.
    mutating func add(_ line: String) throws {
        if path != "-" {
            if Self.number(of: path) != number { try open() }
            try file.seekToEnd()
        }
        let torn = isTorn
        isTorn = true
        try file.write(contentsOf: Data(((torn ? "\n" : "") + line).utf8))
        isTorn = false
    }

    private mutating func open() throws {
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(fileURLWithPath: path))
        }
        file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        number = Self.number(of: path)
        let size = try file.seekToEnd()
        guard size > 0 else {
            isTorn = false
            return
        }
        try file.seek(toOffset: size - 1)
        isTorn = try file.read(upToCount: 1) != Data([UInt8(ascii: "\n")])
    }

    /// The number by which the file system knows a file; another after it was renamed and made anew.
    private static func number(of path: String) -> Int? {
        try? FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
}
