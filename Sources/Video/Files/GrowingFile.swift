/// File that grows as `NAME.partial.EXT` and gets its final name when it is complete.
///
/// An incomplete file is never mistaken for a complete one, and a file that exists stays until it
/// can be replaced. A partial file that a killed run left is emptied; one that another run is writing
/// is refused.
package final class GrowingFile: Sendable {
    private let target: OutputTarget
    private let file: LockedFile

    /// Creates the partial file; `ending` is the extension with its dot, the last one by default.
    ///
    /// - Throws: ``VideoError`` of kind `exists`, `notWritable` or `diskFull`.
    package init(
        _ path: String, ending: String? = nil, overwrite: Bool, mode: FileMode = .shared
    ) throws(VideoError) {
        target = try OutputTarget(path, ending: ending, overwrite: overwrite)
        file = try target.openPartial(mode)
        file.empty()
    }

    /// Path while it grows.
    package var partialPath: String { file.path }

    /// Appends all bytes, or none if the disk is full.
    package func append(_ bytes: [UInt8]) throws(VideoError) { try file.append(bytes) }

    /// Replaces all content.
    package func replace(with bytes: [UInt8]) throws(VideoError) {
        file.empty()
        try file.append(bytes)
    }

    /// Gives the file its final name.
    ///
    /// - Throws: ``VideoError``; the partial file then stays.
    package func finish() throws(VideoError) { try target.take(file) }

    /// Removes the partial file.
    package func abandon() { file.unlink() }
}
