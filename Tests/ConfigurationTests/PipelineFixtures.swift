import Foundation
import TestSupport

/// Files of the checkout that these suites read.
enum PipelineFixtures {
    /// The pipeline files under `Pipelines`.
    static func shipped() throws -> [URL] {
        let folder = Shared.root.appendingPathComponent("Pipelines")
        return try FileManager.default
            .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
    }
}
