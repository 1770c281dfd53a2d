import Testing

@testable import Bench
@testable import Configuration
@testable import Pipeline

struct BenchComparisonTests {
    private func metric(_ values: [Double], isLowerBetter: Bool = true) -> BenchMetric {
        BenchMetric("x_ms", values, isLowerBetter: isLowerBetter)
    }

    @Test func medianAndNoiseAreComputed() {
        #expect(metric([3, 1, 2]).median == 2)
        #expect(metric([1, 2, 3, 4]).median == 2.5)
        #expect(metric([9, 10, 11]).noise == 0.1)
        #expect(metric([10]).noise == nil)
    }

    @Test func aChangeWithinBothBandsIsNoise() {
        let row = BenchComparison.row(metric([9.5, 10, 10.5]), metric([10.2, 10.8, 11.4]))
        #expect(row.verdict == .same)
        #expect(abs((row.band ?? 0) - (0.05 + 0.6 / 10.8)) < 1e-9)
    }

    @Test(arguments: [(true, 8.0, "better"), (true, 12.0, "worse"), (false, 8.0, "worse")])
    func aChangeBeyondBothBandsIsBetterOrWorse(isLowerBetter: Bool, new: Double, verdict: String) {
        let old = metric([9.9, 10, 10.1], isLowerBetter: isLowerBetter)
        let row = BenchComparison.row(old, metric([new, new, new], isLowerBetter: isLowerBetter))
        #expect(row.verdict.rawValue == verdict)
    }

    @Test func equalRepeatsHaveANoiseBand() {
        let row = BenchComparison.row(metric([10, 10, 10]), metric([10.05, 10.05, 10.05]))
        #expect(row.band == 0.01 && row.verdict == .same)
    }

    @Test func aSingleRunHasNoNoiseBand() {
        #expect(BenchComparison.row(metric([10]), metric([5, 5])).verdict == .unknown)
    }

    @Test func aReportComparesWithItself() throws {
        let conditions = BenchConditions(DetectDescription(), command: ["thunderline", "bench"])
        var outcome = BenchOutcome(scenario: .network, conditions: conditions)
        outcome.metrics = [metric([10, 11, 12])]
        let comparison = try BenchComparison(
            [metric([20, 22, 24])], conditions, with: outcome.json, named: "old.json")
        #expect(comparison.warnings.isEmpty)
        #expect(comparison.rows.map(\.verdict) == [.worse])
        #expect(comparison.text.contains("x_ms"))
        #expect(comparison.text.contains("+100.0 %"))
    }

    @Test(arguments: ["", "{}", "[1]", "{\"metrics\": 5}", "nonsense"])
    func otherTextIsRefusedAsAReport(text: String) {
        let conditions = BenchConditions(DetectDescription(), command: [])
        #expect(throws: RunError.self) {
            _ = try BenchComparison([], conditions, with: text, named: "old.json")
        }
    }

    @Test func aComparisonOfDifferentModelsIsMarked() throws {
        var description = DetectDescription()
        description.model.name = "snet49"
        let old = BenchOutcome(
            scenario: .network, conditions: BenchConditions(description, command: []))
        let comparison = try BenchComparison(
            [], BenchConditions(DetectDescription(), command: []), with: old.json, named: "old")
        #expect(comparison.warnings.contains("model was snet49 and is now driving"))
    }
}
