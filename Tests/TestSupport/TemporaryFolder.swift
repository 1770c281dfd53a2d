public import Foundation

/// A folder of one test, which goes with all that is in it when the object does.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty folder under a name that nothing else has.
    public init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("thunderline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Where a file of this name would be.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// Writes a file, and the folders it lies in.
    @discardableResult
    public func write(_ data: Data, as name: String) throws -> URL {
        let file = file(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file
    }
}
