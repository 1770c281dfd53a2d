public import Foundation

/// The folder of models, golden tensors and recordings that lies beside a checkout, when there is one.
///
/// Tests that need it are skipped, and say so, where it is missing: `THUNDERLINE_SHARED` names another place.
public enum Shared {
    /// The folder, or nil where there is none.
    public static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment["THUNDERLINE_SHARED"]
        let beside = root.deletingLastPathComponent().appendingPathComponent("shared")
        let url = environment.map { URL(fileURLWithPath: $0) } ?? beside
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }()

    /// The root of the checkout.
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file in the folder, or nil, said loudly, where it is missing.
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
