import FlyingFox
import Foundation
import Testing
import Video

@testable import Live

/// Replies of `/api` and `/metrics`.
struct PageRepliesTests {
    /// Former names of fields and metrics are kept for one release.
    @Test func renamedFieldsKeepTheirFormerNames() async throws {
        var status = CameraStatus(name: "gate", source: "x")
        status.superseded = 7
        status.detectRate = 9.5
        status.decoderSkip = .nonKey
        status.report.repairedTimestamps = 3
        let reply = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(CameraReply(status)))
                as? [String: Any])
        for name in ["superseded", "passedOver"] { #expect(reply[name] as? Int == 7) }
        for name in ["detectionsPerSecond", "looksPerSecond"] {
            #expect(reply[name] as? Double == 9.5)
        }
        for name in ["decoderSkip", "leavesOut"] { #expect(reply[name] as? String == "non-key") }
        for name in ["repairedTimestamps", "repairedStamps"] { #expect(reply[name] as? Int == 3) }
        let metrics = MetricsText.text([status], [[]], events: EventQueue.Counts())
        for name in ["superseded_total", "passed_over_total"] {
            let line = "thunderline_\(name){camera=\"gate\",reason=\"replaced-by-newer\"} 7.0"
            #expect(metrics.contains(line + "\n"), "\(name)")
        }
    }

    @Test func statusAndMetricsContainNoCredentials() async throws {
        let handler = try pageHandler()
        for path in ["/api/cameras", "/api/events", "/metrics"] {
            let reply = try await handler.handleRequest(pageRequest(path))
            #expect(reply.statusCode == .ok)
            let text = String(decoding: try await reply.bodyData, as: UTF8.self)
            #expect(!text.contains("secret"), "\(text)")
        }
        let metrics = try await handler.handleRequest(pageRequest("/metrics")).bodyData
        let lines = String(decoding: metrics, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("thunderline_camera_up{camera=\"gate\"} 0.0"))
        for stage in ["arrival_to_detections", "answer"] {
            #expect(lines.contains { $0.contains("stage=\"\(stage)\"") }, "\(stage)")
        }
        for line in lines where !line.hasPrefix("#") {
            #expect(
                line.wholeMatch(of: /thunderline_[a-z_]+\{[^}]*\} [0-9.e+-]+/) != nil, "\(line)")
        }
    }
}
