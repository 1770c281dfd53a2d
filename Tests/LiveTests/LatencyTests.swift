import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// How old a picture is when the page shows it, told by a clock in the picture itself.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct LatencyTests {
    private static let rate = 25.0
    private static let loop = 250.0 / rate
    /// What a busy machine may add: drawing for the page, and waiting for a turn.
    private static let patience = 0.25

    /// The second has ten times the pixels for its detector, which therefore takes ten times as long.
    @Test(arguments: [PictureSize(width: 320, height: 320), PictureSize(width: 1024, height: 1024)])
    func whatIsShownIsNewHoweverSlowTheDetector(input: PictureSize) throws {
        let camera = try CameraServer(CameraScript(Media.clockView()))
        var description = LiveDescription()
        description.model.inputSize = input
        description.detectors = 1
        try description.set("cameras", to: ["gate=\(camera.address())"])
        let live = try RunningLive(description)
        live.wait(10) { live.run.statuses[0].counts.detected > 2 }
        let shown = try look(try #require(live.page) + "/cameras/gate.jpg", for: 4)
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

    private func look(
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

    /// When each picture was first there: the page keeps showing it until the next is drawn.
    private func firstSights(_ times: [Double], _ numbers: [Int]) -> [(at: Double, number: Int)] {
        zip(times, numbers).enumerated().compactMap { place, pending in
            place > 0 && numbers[place - 1] != pending.1 ? (pending.0, pending.1) : nil
        }
    }

    /// Seconds that a look took, as the metrics tell it.
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
