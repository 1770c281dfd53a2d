import Flow
import Foundation
import TestSupport
import Testing

@testable import Bench
@testable import Configuration
@testable import Pipeline

struct ThreadChoiceTests {
    private let alone = DetectorThreads(threads: 2, isLive: true, encoder: nil)
    private let together = DetectorThreads(threads: 2, isLive: false, encoder: nil)

    private func choice(
        _ threads: DetectorThreads, alone first: (Double, Double), together second: (Double, Double)
    ) -> ThreadChoice {
        ThreadChoice(
            threads: threads,
            figures: [
                figure(alone, first), figure(together, second),
            ])
    }

    /// Three rounds with 1 % of noise.
    private func figure(
        _ threads: DetectorThreads, _ values: (Double, Double)
    ) -> ThreadChoice.Figure {
        let rounds = [1, 0.99, 1.01]
        return .init(
            threads: threads, calls: rounds.map { $0 * values.0 },
            answers: rounds.map { $0 * values.1 })
    }

    @Test func theTextNamesDivisionAndReason() {
        #expect(
            ThreadChoice(threads: alone).text == [
                "threads: 2 threads on each frame, since the age of a frame counts (latency)"
            ])
        let text = ThreadChoice(threads: together).text
        #expect(text.count == 1 && text[0].contains("2 detectors side by side of 1 thread each"))
        #expect(text[0].hasSuffix("(throughput)"))
    }

    @Test func theTextHasTheMeasurementsOfBothDivisions() {
        let text = choice(alone, alone: (80, 12), together: (100, 20)).text
        #expect(text.count == 3)
        #expect(text[1].contains("80.0 detector calls/s, 12.00 ms per detection"))
        #expect(text[2].contains("100.0 detector calls/s, 20.00 ms per detection"))
    }

    @Test func aWorseDivisionIsReportedAsAWarning() {
        #expect(choice(together, alone: (80, 12), together: (100, 20)).contradiction == nil)
        #expect(choice(together, alone: (102, 10), together: (100, 20)).contradiction == nil)
        #expect(
            choice(together, alone: (120, 10), together: (100, 20)).contradiction?
                .contains("better by 20 %") == true)
        #expect(
            choice(alone, alone: (80, 15), together: (100, 12)).contradiction?
                .contains("better by 20 %") == true)
    }

    @Test func aDifferenceWithinNoiseGivesNoWarning() {
        var choice = ThreadChoice(threads: together)
        choice.figures = [
            .init(threads: alone, calls: [120, 60, 180], answers: [10, 10, 10]),
            .init(threads: together, calls: [100, 100, 100], answers: [20, 20, 20]),
        ]
        #expect(choice.contradiction == nil)
    }

    @Test func theJSONContainsPurposeReasonAndMeasurements() throws {
        let text = choice(together, alone: (80, 12), together: (100, 20)).json.text
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(root["purpose"] as? String == "throughput" && root["detectors"] as? Int == 2)
        #expect(root["reason"] is String)
        // The former name is written for one release.
        #expect(root["why"] as? String == root["reason"] as? String)
        let measured = try #require(root["measured"] as? [String: [String: Any]])
        #expect(measured["latency"]?["answer_ms"] as? Double == 12)
        #expect(measured["throughput"]?["detector_calls_per_s"] as? Double == 100)
    }

    @Test(arguments: [true, false])
    func bothDivisionsAreMeasured(isLive: Bool) throws {
        var description = DetectDescription()
        description.input.sources = [try Media.small()]
        description.model.inputSize = PictureSize(width: 64, height: 64)
        description.model.threads = 2
        var settings = try DetectionContext(description)
        settings.isLive = isLive
        settings.draws = false
        let stop = StopSignal()
        let frames = try LoadedFrames(description, stop: stop)
        let choice = try ThreadChoice.measured(settings, frames, seconds: 0.02, stop: stop)
        #expect(choice.threads == settings.detectorThreads)
        #expect(choice.figures.map(\.threads.detectors) == [1, 2])
        #expect(choice.figures.map(\.threads.threadsEach) == [2, 1])
        #expect(choice.figures.allSatisfy { $0.calls.median > 0 && $0.answer.median > 0 })
    }

    @Test func aSingleThreadIsNotMeasured() throws {
        var description = DetectDescription()
        description.input.sources = [try Media.small()]
        description.model.inputSize = PictureSize(width: 64, height: 64)
        description.model.threads = 1
        let settings = try DetectionContext(description)
        let frames = try LoadedFrames(description, stop: StopSignal())
        let choice = try ThreadChoice.measured(settings, frames, seconds: 0.02, stop: StopSignal())
        #expect(choice.figures.isEmpty && choice.text.count == 1)
        #expect(choice.text[0].contains("since there is one thread"))
    }
}
