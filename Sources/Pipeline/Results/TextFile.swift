internal import Foundation
internal import Video

/// A text file that grows piece by piece and takes its name when it is complete.
///
/// Until then it is `NAME.partial.EXT` beside the target, locked, so that an incomplete file is never mistaken for
/// a complete one, no two runs write the same one, and an existing file stays until it can be replaced. Each piece is
/// passed to the kernel at once: a killed process loses none that were written.
struct TextFile: Sendable {
    private let path: String
    private let noun: String
    /// The growing file; nil for standard output.
    private let file: GrowingFile?
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
    ///   - mode: Permissions of the file.
    /// - Throws: A ``RunError`` for a file that exists or that another run is writing, or a folder that cannot be
    ///   written to.
    init(
        path: String, ending: String, noun: String, header: String, overwrite: Bool,
        mode: FileMode = .shared
    ) throws(RunError) {
        self.path = path
        self.noun = noun
        do throws(VideoError) {
            file =
                path == "-"
                ? nil : try GrowingFile(path, ending: ending, overwrite: overwrite, mode: mode)
        } catch {
            throw RunError(error)
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
        if isEmpty { file?.abandon() }
    }

    /// Writes the end of the text and renames the file to its final name.
    mutating func finish(_ footer: String = "") throws(RunError) {
        try write(footer)
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
        } catch {
            throw RunError("Writing \(noun) to \(path)", writing: error)
        }
    }
}
