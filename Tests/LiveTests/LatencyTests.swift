import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// Age of frames on the page, by a clock in the video.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct LatencyTests {
    private static let rate = 25.0
    private static let loop = 250.0 / rate
    /// Allowance in seconds for a busy machine, for drawing and for scheduling.
    private static let patience = 0.25

    /// The second input has ten times the pixels, so that inference takes ten times as long.
    @Test(arguments: [PictureSize(width: 320, height: 320), PictureSize(width: 1024, height: 1024)])
    func previewsStayRecentHoweverSlowTheDetector(input: PictureSize) throws {
        let camera = try CameraServer(CameraScript(Media.clockView()))
        var description = LiveDescription()
        description.model.inputSize = input
        description.detectors = 1
        try description.set("cameras", to: ["gate=\(camera.address())"])
        let live = try RunningLive(description)
        live.wait(10) { live.run.statuses[0].counts.detected > 2 }
        let shown = try fetch(try #require(live.page) + "/cameras/gate.jpg", for: 4)
        let begun = try #require(camera.playedAt)
        let detection = try #require(meanDetection(live))
        let report = live.end()
        let numbers = try Media.numbers(in: shown.map(\.jpeg))
        try #require(numbers.count == shown.count)
        let ages = firstSights(shown.map(\.at), numbers).map { at, number in
            let age = at - begun - Double(number) / Self.rate
            return age - (age / Self.loop).rounded(.down) * Self.loop
        }
        try #require(ages.count > 15)
        let limit = 2 / Self.rate + detection + Self.patience
        let sorted = ages.sorted()
        #expect(sorted[sorted.count * 9 / 10] < limit, "\(sorted), detection \(detection)")
        #expect(report.cameras[0].counts.check() && report.cameras[0].losses == 0)
        if detection > 0.05 { #expect(report.cameras[0].superseded > 0) }
    }

    private func fetch(
        _ address: String, for seconds: Double
    ) throws -> [(at: Double, jpeg: Data)] {
        var shown: [(at: Double, jpeg: Data)] = []
        let end = ProcessInfo.processInfo.systemUptime + seconds
        while ProcessInfo.processInfo.systemUptime < end {
            let (status, jpeg) = WebPage.get(address)
            try #require(status == 200)
            shown.append((ProcessInfo.processInfo.systemUptime, jpeg))
            usleep(10_000)
        }
        return shown
    }

    /// First time of each frame number: the page repeats a frame until the next is drawn.
    private func firstSights(_ times: [Double], _ numbers: [Int]) -> [(at: Double, number: Int)] {
        zip(times, numbers).enumerated().compactMap { place, pending in
            place > 0 && numbers[place - 1] != pending.1 ? (pending.0, pending.1) : nil
        }
    }

    /// Mean duration of inference in seconds, from the metrics.
    private func meanDetection(_ live: RunningLive) -> Double? {
        guard let page = live.page else { return nil }
        let lines = String(decoding: WebPage.get(page + "/metrics").body, as: UTF8.self)
            .split(separator: "\n")
        let values = ["sum", "count"].compactMap { kind in
            lines.first {
                $0.hasPrefix("thunderline_stage_seconds_\(kind){")
                    && $0.contains("stage=\"detect\"")
            }?
            .split(separator: " ").last.flatMap { Double($0) }
        }
        return values.count == 2 && values[1] > 0 ? values[0] / values[1] : nil
    }
}
