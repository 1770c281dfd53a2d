internal import Foundation

/// Refuses outputs that are one file under two names, or a file that is read, even with `--overwrite`.
///
/// Links, other spellings and hard links are the same file. Names without a file that is read, such as addresses,
/// are ignored, and so is `-`, standard output.
///
/// - Throws: A ``RunError`` of kind `usage`.
public func checkOutputs(_ outputs: [String], apartFrom inputs: [String]) throws(RunError) {
    let read = Set(inputs.compactMap { FileIdentity($0) })
    var places: Set<OutputPlace> = []
    for output in outputs where output != "-" {
        if let file = FileIdentity(output), read.contains(file) {
            throw RunError(
                .usage, "Writing \(output): it is the source itself. Name another file or folder.")
        }
        guard places.insert(OutputPlace(output)).inserted else {
            throw RunError(
                .usage,
                "Writing \(output): another output has that name. Give each output a name of its own."
            )
        }
    }
}

/// Identity of the file that a path leads to, by device and inode.
struct FileIdentity: Hashable {
    private let device: Int
    private let number: Int

    /// Nil if the path leads to nothing.
    init?(_ path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: target),
            let device = found[.systemNumber] as? Int,
            let number = found[.systemFileNumber] as? Int
        else { return nil }
        self.device = device
        self.number = number
    }
}

/// Folder and name of an output that may not exist yet.
struct OutputPlace: Hashable {
    private let folder: FileIdentity?
    /// The name in the folder; the whole path without a folder.
    private let name: String

    init(_ path: String) {
        let url = URL(fileURLWithPath: path)
        folder = FileIdentity(url.deletingLastPathComponent().path)
        name = folder == nil ? url.standardizedFileURL.path : url.lastPathComponent
    }
}
