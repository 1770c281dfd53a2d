import Flow
import Testing

@testable import Bench

struct LatencyTableTests {
    private func recorder(_ milliseconds: [UInt64]) -> LatencyRecorder {
        var recorder = LatencyRecorder()
        for value in milliseconds { recorder.record(value * 1_000_000) }
        return recorder
    }

    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    @Test func aPercentileThatNoRowCanStateHasNoColumn() {
        let lines = LatencyTable(
            title: "ms", rows: [("few", recorder([2, 4])), ("none", recorder([]))], width: 8
        ).lines
        #expect(lines.map(words) == [["ms", "n", "mean", "max"], ["few", "2", "3.00", "4.00"]])
    }

    @Test func aRowWithTooFewSamplesHasADash() {
        let many = recorder(Array(repeating: 5, count: 30))
        let lines = LatencyTable(
            title: "ms", rows: [("many", many), ("few", recorder([7]))], width: 8
        ).lines
        #expect(words(lines[0]) == ["ms", "n", "mean", "p50", "max"])
        #expect(words(lines[1]).first == "many" && words(lines[1])[3].hasPrefix("5.0"))
        #expect(words(lines[2]) == ["few", "1", "7.00", "–", "7.00"])
    }

    @Test func noSamplesGiveNoTable() {
        #expect(LatencyTable(title: "ms", rows: [("a", LatencyRecorder())]).lines.isEmpty)
    }
}
