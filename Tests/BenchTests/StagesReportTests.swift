import Flow
import Foundation
import Testing

@testable import Bench
@testable import Pipeline

struct StagesReportTests {
    private func report(cores: Int = 4, detect: Double = 2) -> StagesReport {
        var slow = LatencyRecorder()
        var quick = LatencyRecorder()
        for _ in 0..<200 {
            slow.record(20_000_000)
            quick.record(3_000_000)
        }
        return StagesReport(
            source: "a \"b\".mp4", model: "m", cores: cores,
            passes: [
                .init(name: "decode alone", frames: 100, wallSeconds: 0.5, processorSeconds: 0.4),
                .init(name: "detect", frames: 100, wallSeconds: 1, processorSeconds: detect),
            ],
            stages: [(.decode, quick), (.detect, slow), (.encode, LatencyRecorder())])
    }

    @Test func ratesAreFramesPerSecondOfWallTime() {
        let pass = report().passes[0]
        #expect(pass.framesPerSecond == 200)
        #expect(pass.processorMilliseconds == 4)
        let nothing = StagesReport.Pass(name: "", frames: 0, wallSeconds: 0, processorSeconds: 0)
        #expect(nothing.framesPerSecond == 0 && nothing.processorMilliseconds == 0)
    }

    @Test func numberOfCamerasFollowsFromProcessorTimeAndCores() {
        // 20 ms of processor time per frame, 15 frames per second: 0.3 of a core each.
        #expect(report(cores: 4).cameras == 13)
        #expect(report(cores: 1).cameras == 3)
        #expect(report(detect: 0).cameras == 0)
    }

    @Test func theBottleneckIsTheBusiestThread() {
        #expect(report().bottleneck.hasPrefix("analysing, 20.0"))
    }

    @Test func timeOfSeveralDetectorsIsDividedByTheirNumber() {
        var report = report()
        report.detectors = 8
        #expect(report.bottleneck.hasPrefix("decoding, 3.0"))
        report.detectors = 2
        #expect(report.bottleneck.hasPrefix("detecting, 10.0"))
    }

    @Test func everyPassReportsTheDivisionOfItsThreads() throws {
        var report = report()
        let threads = DetectorThreads(threads: 2, isLive: false, encoder: nil)
        let whole = StagesReport.Pass(
            name: StagesReport.Pass.whole, frames: 1, wallSeconds: 1, processorSeconds: 1)
        report.threads = [(whole, ThreadChoice(threads: threads))]
        report.drift = Drift([], limits: [100, 100], [100, 100])
        #expect(report.text.contains("whole pipeline: threads: 2 detectors side by side"))
        #expect(!report.text.contains("warning"))
        let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
        let root = try #require(object as? [String: Any])
        let spent = try #require(root["detector_threads"] as? [String: [String: Any]])
        #expect(spent["whole_pipeline"]?["detectors"] as? Int == 2)
        // The former name is written for one release.
        #expect(spent["whole_line"]?["detectors"] as? Int == 2)
        #expect(root["drift"] as? Double == 1)
    }

    @Test func theTextNamesTheUnitOfEveryRate() {
        let text = report().text
        #expect(text.contains("frames/s of wall time"))
        #expect(text.contains("ms of processor time per frame"))
        #expect(!text.contains("encode "))
    }

    @Test func theReportIsOneJSONObject() throws {
        let object = try JSONSerialization.jsonObject(with: Data(report().json.utf8))
        let root = try #require(object as? [String: Any])
        #expect(root["source"] as? String == "a \"b\".mp4")
        #expect((root["stages"] as? [Any])?.count == 2)
        #expect(root["cameras_15fps"] as? Int == 13)
        let metrics = try #require(root["metrics"] as? [String: [String: Any]])
        #expect(metrics["decode_alone_frames_per_wall_s"]?["median"] as? Double == 200)
    }
}
