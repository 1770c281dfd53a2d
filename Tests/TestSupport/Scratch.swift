public import Foundation

/// A folder of a test's own, removed with the last reference to it.
public final class Scratch: Sendable {
    /// The folder.
    public let url: URL

    /// Makes an empty folder under a name that nothing else has.
    public init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("thunderline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Where something inside is.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// The path of something inside.
    public func path(_ name: String) -> String { file(name).path }

    /// Names of what is inside, sorted.
    public var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }

    /// Writes a text and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try write(name, Data(text.utf8)).path
    }

    /// Writes a file, and the folders it lies in.
    @discardableResult
    public func write(_ name: String, _ data: Data) throws -> URL {
        let file = file(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file
    }
}
