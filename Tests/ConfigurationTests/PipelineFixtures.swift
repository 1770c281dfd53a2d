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
}
