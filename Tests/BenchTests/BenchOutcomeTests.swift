import Flow
import Foundation
import Testing
import ThunderNet

@testable import Bench
@testable import Configuration
@testable import Pipeline

struct BenchOutcomeTests {
    private var outcome: BenchOutcome {
        var recorder = LatencyRecorder()
        for _ in 0..<70 { recorder.record(4_000_000) }
        var outcome = BenchOutcome(
            scenario: .singleStream,
            conditions: BenchConditions(DetectDescription(), command: ["a", "b"]))
        outcome.metrics = [BenchMetric("detector_calls_per_s", [9, 10, 11], isLowerBetter: false)]
        outcome.latencies = [("detector", recorder)]
        outcome.numbers = [("limit_gflops", 100)]
        outcome.layers = [.init(name: "conv1", microseconds: 100, multiplyAdds: 2_500_000)]
        outcome.limitGigaflops = 100
        outcome.accuracy = .unknown
        outcome.drift = Drift([], limits: [100, 100], [50, 50])
        outcome.threads = ThreadChoice(
            threads: DetectorThreads(threads: 2, isLive: true, encoder: nil))
        return outcome
    }

    @Test func theTextHasEveryMetricWithItsNoise() {
        let text = outcome.text
        #expect(text.contains("detector_calls_per_s"))
        #expect(text.contains("10.000 ±10.0 % over 3 repeats"))
        #expect(text.contains("50.0 GFLOP/s     50.0 % of the peak  conv1"))
    }

    @Test func accuracySpeedChangeAndThreadsAreReported() throws {
        let text = outcome.text
        #expect(text.contains("AP is unknown"))
        #expect(text.contains("warning: the processor changed its speed"))
        #expect(text.contains("threads: 2 threads on each frame"))
        let object = try JSONSerialization.jsonObject(with: Data(outcome.json.utf8))
        let root = try #require(object as? [String: Any])
        #expect(root["drift"] as? Double == 2 && root["drift_beyond_noise"] as? Bool == true)
        #expect((root["accuracy"] as? [String: Any])?["source"] as? String == "none")
        let threads = try #require(root["detector_threads"] as? [String: Any])
        #expect(threads["purpose"] as? String == "latency" && threads["measured"] == nil)
    }

    @Test func percentilesOfTooFewSamplesAreLeftOut() throws {
        #expect(outcome.text.contains("p90") && !outcome.text.contains("p99"))
        let object = try JSONSerialization.jsonObject(with: Data(outcome.json.utf8))
        let root = try #require(object as? [String: Any])
        let latencies = try #require(root["latencies"] as? [String: [String: Any]])
        #expect(latencies["detector"]?["p90_ms"] is Double)
        #expect(latencies["detector"]?["p95_ms"] is NSNull)
    }

    @Test func theJSONContainsTheConditions() throws {
        let object = try JSONSerialization.jsonObject(with: Data(outcome.json.utf8))
        let root = try #require(object as? [String: Any])
        for key in [
            "processor", "cores", "instruction_set", "libraries", "model", "model_sha256", "input",
            "precision", "threads",
        ] {
            #expect(root[key] != nil, "\(key)")
        }
        #expect(root["command"] as? String == "a b")
        #expect(root["limit_gflops"] as? Double == 100)
        let layers = try #require(root["layers"] as? [[String: Any]])
        #expect(layers[0]["limit_share"] as? Double == 0.5)
    }
}
