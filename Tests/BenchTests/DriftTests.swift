import Foundation
import TestSupport
import Testing
import ThunderNet

@testable import Bench
@testable import Pipeline

struct DriftTests {
    private let steady = [100, 101, 100.5, 99.8, 100.2]

    /// Times that vary like those of a shared machine.
    private func samples(_ count: Int, _ middle: (Double) -> Double) -> [Double] {
        var generator = SeededGenerator(seed: 7)
        return (0..<count).map { index in
            let leap = index % 10 == 0 ? 3.0 : 1
            return middle(Double(index) / Double(count)) * leap
                * Double.random(in: 0.9...1.1, using: &generator)
        }
    }

    @Test(arguments: [36, 100, 5000])
    func aSteadyRunGivesNoWarning(count: Int) throws {
        let drift = Drift(samples(count) { _ in 10 }, limits: steady, steady.reversed())
        #expect(abs(try #require(drift.ratio) - 1) < 0.1)
        #expect(!drift.isBeyondNoise && drift.warning == nil)
    }

    @Test func aDropOfTheProcessorsSpeedIsReported() throws {
        let slower = samples(600) { $0 < 0.5 ? 10 : 12 }
        let drift = Drift(slower, limits: steady, steady.map { $0 / 1.2 })
        #expect(abs(try #require(drift.ratio) - 1.2) < 0.05)
        let warning = try #require(drift.warning)
        #expect(warning.contains("the processor changed its speed"))
        #expect(warning.contains("longer at the end") && warning.contains("from 100 to 84 GFLOP/s"))
    }

    @Test func aSlowRiseOfTheProcessorsSpeedIsReported() throws {
        let drift = Drift(
            samples(600) { 12 - 2 * $0 }, limits: steady.map { $0 / 1.2 }, steady)
        #expect(try #require(drift.ratio) < 0.95)
        #expect(try #require(drift.warning).contains("less time at the end"))
    }

    @Test func otherWorkIsNotReportedAsAChangeOfSpeed() throws {
        let drift = Drift(samples(600) { $0 < 0.5 ? 10 : 15 }, limits: steady, steady)
        let warning = try #require(drift.warning)
        #expect(warning.contains("other work") && !warning.contains("changed its speed"))
    }

    @Test func aSlowPauseInTheMiddleGivesNoWarning() {
        let drift = Drift(
            samples(600) { (0.4...0.6).contains($0) ? 30 : 10 }, limits: steady, steady)
        #expect(drift.warning == nil)
    }

    @Test func tooFewSamplesAreJudgedByThePeakRate() throws {
        let few = Drift([1, 2, 3], limits: steady, steady.map { $0 / 2 })
        #expect(abs(try #require(few.ratio) - 2) < 1e-9)
        #expect(try #require(few.warning).hasPrefix("warning: the processor changed its speed"))
        #expect(Drift([], limits: [], []).ratio == nil)
        #expect(Drift([], limits: [], []).warning == nil)
    }

    /// Frames differ in cost: the thirds are comparable only when each covers all of them.
    @Test func aThirdMustCoverEveryFrame() {
        let cheapThenDear = (0..<60).map { $0 < 30 ? 10.0 : 20 }
        #expect(Drift(cheapThenDear, period: 60, limits: steady, steady).warning == nil)
        #expect(Drift(cheapThenDear, period: 1, limits: steady, steady).warning != nil)
        let again = Array(repeating: cheapThenDear, count: 3).flatMap { $0 }
        #expect(Drift(again, period: 60, limits: steady, steady).warning == nil)
    }

    @Test func theReportContainsTheRatio() throws {
        var object = JSONObject()
        Drift(samples(600) { _ in 10 }, limits: steady, steady).add(to: &object)
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(object.text.utf8)) as? [String: Any])
        #expect(abs((root["drift"] as? Double ?? 0) - 1) < 0.1)
        #expect(root["drift_beyond_noise"] as? Bool == false)
        #expect(root["float32_limit_before_gflops"] as? Double == 100.2)
    }

    @Test func thePeakRateIsMeasuredBeforeAndAfter() throws {
        let drift = SpeedWatch(InferenceEnvironment(), threads: 1).drift([])
        #expect(try #require(drift.limit).first > 0)
    }
}
