package import Configuration
internal import Foundation

/// A file of results that grows frame by frame and takes its name when it is complete.
///
/// Until then it is `NAME.partial.EXT` beside the target, so an incomplete file is never mistaken for a
/// complete one and an existing file stays until it can be replaced. The text of each frame is passed to the
/// kernel at once: a killed process loses none that were written.
package struct ResultsFile: Sendable {
    private let path: String
    private let partial: String?
    private let overwrite: Bool
    private let handle: FileHandle
    private var text: any ResultsText
    /// True until the first frame.
    private var isEmpty = true

    /// Opens the file; `-` is standard output.
    ///
    /// - Throws: A ``RunError`` for an unknown format, a file that exists, or a folder that cannot be written to.
    package init(path: String, overwrite: Bool, classNames: [String]) throws(RunError) {
        guard let format = ResultsFormat(path: path) else {
            let extensions = ResultsFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw RunError(.usage, "Results \(path): the name must end in one of \(extensions).")
        }
        self.path = path
        self.overwrite = overwrite
        text = format.makeText(classNames: classNames)
        if path == "-" {
            partial = nil
            handle = .standardOutput
        } else {
            let name = Self.partialName(path, format)
            handle = try Self.create(name, for: path, overwrite: overwrite)
            partial = name
        }
        try write(text.header())
    }

    /// Adds one frame.
    package mutating func write(_ frame: FrameResult, _ picture: PictureSize) throws(RunError) {
        isEmpty = false
        try write(text.text(frame, picture))
    }

    /// Leaves the file under its partial name; removes it when it has no frame.
    func abandon() {
        guard let partial, isEmpty else { return }
        try? FileManager.default.removeItem(atPath: partial)
    }

    /// Writes the end of the text and renames the file to its final name.
    package mutating func finish() throws(RunError) {
        try write(text.footer())
        guard let partial else { return }
        do {
            try handle.close()
            if overwrite { try? FileManager.default.removeItem(atPath: path) }
            try FileManager.default.moveItem(atPath: partial, toPath: path)
        } catch {
            throw RunError(
                .notWritable,
                "Finishing \(path): it could not be renamed from \(partial), which holds the results."
            )
        }
    }

    private func write(_ text: String) throws(RunError) {
        guard !text.isEmpty else { return }
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            throw Self.failure(error, "Writing results to \(path)")
        }
    }

    private static func create(
        _ partial: String, for path: String, overwrite: Bool
    ) throws(RunError) -> FileHandle {
        if SourceList.isFolder(path) {
            throw RunError(.notWritable, "Results \(path): there is a folder of that name.")
        }
        if !overwrite && FileManager.default.fileExists(atPath: path) {
            throw RunError(
                .notWritable, "Results \(path) exists already. Use --overwrite to replace it.")
        }
        do {
            try Data().write(to: URL(fileURLWithPath: partial))
            return try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
        } catch {
            throw failure(error, "Creating results \(path)")
        }
    }

    private static func partialName(_ path: String, _ format: ResultsFormat) -> String {
        path.dropLast(format.rawValue.count) + ".partial"
            + path.suffix(format.rawValue.count)
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
