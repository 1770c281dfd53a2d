package import Configuration
package import Video

/// A file of results that grows frame by frame and gets its final name when it is complete.
package struct ResultsFile: Sendable {
    private var file: TextFile
    private var text: any ResultsText

    /// Opens the file; `-` is standard output.
    ///
    /// - Throws: A ``RunError`` for an unknown format, a file that exists or that another run is writing, or a folder
    ///   that cannot be written to.
    package init(
        path: String, overwrite: Bool, classNames: [String], zoneNames: [String] = [],
        mode: FileMode = .shared
    ) throws(RunError) {
        guard let format = ResultsFormat(path: path) else {
            let extensions = ResultsFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw RunError(.usage, "Results \(path): the name must end in one of \(extensions).")
        }
        text = format.makeText(ResultNames(classes: classNames, zones: zoneNames))
        file = try TextFile(
            path: path, ending: format.rawValue, noun: "results", header: text.header(),
            overwrite: overwrite, mode: mode)
    }

    /// Adds one frame.
    package mutating func write(_ frame: FrameResult, _ picture: PictureSize) throws(RunError) {
        try file.append(text.text(frame, picture))
    }

    /// Leaves the file under its partial name; removes it when it has no frame.
    func abandon() { file.abandon() }

    /// Writes the end of the text and renames the file to its final name.
    package mutating func finish() throws(RunError) { try file.finish(text.footer()) }
}
