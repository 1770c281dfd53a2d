import Foundation
import TestSupport

/// Files of the checkout that the suites of this room read.
enum PipelineFixtures {
    /// The definitions under `Pipelines`.
    static func shipped() throws -> [URL] {
        let folder = Shared.root.appendingPathComponent("Pipelines")
        return try FileManager.default
            .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
    }

    /// A fresh empty folder that is removed by the caller.
    static func temporaryFolder() throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("thunderline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
