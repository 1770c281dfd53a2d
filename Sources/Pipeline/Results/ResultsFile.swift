package import Configuration
internal import Foundation
package import Video

/// A file of results that grows frame by frame and takes its name when it is complete.
///
/// Until then it is `NAME.partial.EXT` beside the target, locked, so that an incomplete file is never mistaken for
/// a complete one, no two runs write the same one, and an existing file stays until it can be replaced. The text of
/// each frame is passed to the kernel at once: a killed process loses none that were written.
package struct ResultsFile: Sendable {
    private let path: String
    /// The growing file; nil for standard output.
    private let file: GrowingFile?
    private var text: any ResultsText
    /// True until the first frame.
    private var isEmpty = true

    /// Opens the file; `-` is standard output.
    ///
    /// - Throws: A ``RunError`` for an unknown format, a file that exists or that another run is writing, or a folder
    ///   that cannot be written to.
    package init(
        path: String, overwrite: Bool, classNames: [String], mode: FileMode = .shared
    ) throws(RunError) {
        guard let format = ResultsFormat(path: path) else {
            let extensions = ResultsFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw RunError(.usage, "Results \(path): the name must end in one of \(extensions).")
        }
        self.path = path
        text = format.makeText(classNames: classNames)
        do throws(VideoError) {
            file =
                path == "-"
                ? nil
                : try GrowingFile(
                    path, ending: format.rawValue, overwrite: overwrite, mode: mode)
        } catch {
            throw RunError(error)
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
        if isEmpty { file?.abandon() }
    }

    /// Writes the end of the text and renames the file to its final name.
    package mutating func finish() throws(RunError) {
        try write(text.footer())
        do throws(VideoError) {
            try file?.finish()
        } catch {
            throw RunError(error)
        }
    }

    private func write(_ text: String) throws(RunError) {
        guard !text.isEmpty else { return }
        do {
            if let file {
                try file.append(Array(text.utf8))
            } else {
                try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
            }
        } catch let error as VideoError {
            throw RunError(error)
        } catch {
            throw RunError(.notWritable, "Writing results to \(path): \(fileErrorReason(error))")
        }
    }
}
