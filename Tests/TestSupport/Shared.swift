public import Foundation

/// Folder of models, golden tensors and recordings beside the checkout, if there is one.
///
/// Tests that need it are skipped with a message if it is missing. `THUNDERLINE_SHARED` names
/// another folder.
public enum Shared {
    /// Folder; nil if it is missing.
    public static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment["THUNDERLINE_SHARED"]
        let beside = root.deletingLastPathComponent().appendingPathComponent("shared")
        let url = environment.map { URL(fileURLWithPath: $0) } ?? beside
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }()

    /// Root of the checkout.
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// File in the folder; nil, with a message, if it is missing.
    public static func file(_ path: String) -> URL? {
        guard let url = folder?.appendingPathComponent(path),
            FileManager.default.fileExists(atPath: url.path)
        else {
            print("SKIPPED: shared/\(path) is not there")
            return nil
        }
        return url
    }
}
