internal import Foundation

/// A text file that grows piece by piece and takes its name when it is complete.
///
/// Until then it is `NAME.partial.EXT` beside the target, so an incomplete file is never mistaken for a
/// complete one and an existing file stays until it can be replaced. Each piece is passed to the kernel at
/// once: a killed process loses none that were written.
struct TextFile: Sendable {
    private let path: String
    private let noun: String
    private let partial: String?
    private let overwrite: Bool
    private let handle: FileHandle
    /// True until the first piece after the header.
    private var isEmpty = true

    /// Opens the file; `-` is standard output.
    ///
    /// - Parameters:
    ///   - path: Name of the complete file.
    ///   - ending: End of the name behind which `.partial` is put.
    ///   - noun: Content in messages, such as `results`.
    ///   - header: Text at the file's beginning.
    ///   - overwrite: True to replace a file that exists.
    /// - Throws: A ``RunError`` for a file that exists, or a folder that cannot be written to.
    init(
        path: String, ending: String, noun: String, header: String, overwrite: Bool
    ) throws(RunError) {
        self.path = path
        self.noun = noun
        self.overwrite = overwrite
        if path == "-" {
            partial = nil
            handle = .standardOutput
        } else {
            let name = path.dropLast(ending.count) + ".partial" + ending
            handle = try Self.create(String(name), for: path, noun: noun, overwrite: overwrite)
            partial = String(name)
        }
        try write(header)
    }

    /// Appends a piece of text.
    mutating func append(_ text: String) throws(RunError) {
        isEmpty = false
        try write(text)
    }

    /// Leaves the file under its partial name; removes it when it has nothing but a header.
    func abandon() {
        guard let partial, isEmpty else { return }
        try? FileManager.default.removeItem(atPath: partial)
    }

    /// Writes the end of the text and renames the file to its final name.
    mutating func finish(_ footer: String = "") throws(RunError) {
        try write(footer)
        guard let partial else { return }
        do {
            try handle.close()
            if overwrite { try? FileManager.default.removeItem(atPath: path) }
            try FileManager.default.moveItem(atPath: partial, toPath: path)
        } catch {
            throw RunError(
                .notWritable,
                "Finishing \(path): it could not be renamed from \(partial), which holds the \(noun)."
            )
        }
    }

    private func write(_ text: String) throws(RunError) {
        guard !text.isEmpty else { return }
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            throw Self.failure(error, "Writing \(noun) to \(path)")
        }
    }

    private static func create(
        _ partial: String, for path: String, noun: String, overwrite: Bool
    ) throws(RunError) -> FileHandle {
        let title = noun.prefix(1).uppercased() + noun.dropFirst()
        if SourceList.isFolder(path) {
            throw RunError(.notWritable, "\(title) \(path): there is a folder of that name.")
        }
        if !overwrite && FileManager.default.fileExists(atPath: path) {
            throw RunError(
                .notWritable, "\(title) \(path) exists already. Use --overwrite to replace it.")
        }
        do {
            try Data().write(to: URL(fileURLWithPath: partial))
            return try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
        } catch {
            throw failure(error, "Creating \(noun) \(path)")
        }
    }

    private static func failure(_ error: any Error, _ doing: String) -> RunError {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        let code = underlying?.code ?? (error as NSError).code
        if code == Int(ENOSPC) || (error as? CocoaError)?.code == .fileWriteOutOfSpace {
            return RunError(.diskFull, "\(doing): no space left. Free some and start again.")
        }
        return RunError(.notWritable, "\(doing): \(fileErrorReason(error))")
    }
}
