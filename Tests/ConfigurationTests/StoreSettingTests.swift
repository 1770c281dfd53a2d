import Foundation
import Testing

@testable import Configuration

/// Settings of the event store.
struct StoreSettingTests {
    private func read(_ more: String) throws -> LiveDescription {
        let text = "command: live\ncameras: [gate=rtsp://host/1]\n" + more
        return try PipelineFile.live(text)
    }

    @Test func retentionIsGivenForAllClassesAndByClass() throws {
        let store = try read(
            "store: { folder: events, keep-for: { person: 90d, others: 30d }, keep-size: 2G }"
        ).store
        #expect(store.folder == "events" && store.keepSize == 2_000_000_000)
    }
}
