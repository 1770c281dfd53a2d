public import Foundation

/// Temporary folder of one test, removed with its last reference.
public final class Scratch: Sendable {
    /// Folder.
    public let url: URL

    /// Creates an empty folder with a unique name.
    public init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("thunderline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// URL of a file inside.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Path of a file inside.
    public func path(_ name: String) -> String { file(name).path }

    /// Names of the files inside, sorted.
    public var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }

    /// Writes a text file and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try write(name, Data(text.utf8)).path
    }

    /// Writes a file and creates its folders.
    @discardableResult
    public func write(_ name: String, _ data: Data) throws -> URL {
        let file = file(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file
    }
}
