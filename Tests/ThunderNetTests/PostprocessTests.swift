import Foundation
import Scene
import Tensors
import Testing

@testable import ThunderNet

struct PostprocessTests {
    private static let rows = 60
    private static let classes = 5

    private static func description(minimum: Float, backgroundFirst: Bool) -> ModelDescription {
        var description = ModelDescription(
            name: "small", backbone: "snet49", classes: (0..<classes).map { "class \($0)" },
            width: 320, height: 320)
        description.suppression.score = minimum
        description.suppression.overlap = 1
        description.suppression.limit = rows * classes
        description.head.background = backgroundFirst ? .first : .last
        return description
    }

    /// Scores above the minimum by the definition of the softmax.
    private static func expected(
        _ logits: [Float], _ minimum: Float, first: Int, wanted: Set<Int>
    ) -> [Double] {
        var scores: [Double] = []
        for row in 0..<rows {
            let own = logits[row * (classes + 1)..<(row + 1) * (classes + 1)].map {
                exp(Double($0))
            }
            let sum = own.reduce(0, +)
            for index in wanted where own[first + index] / sum > Double(minimum) {
                scores.append(own[first + index] / sum)
            }
        }
        return scores.sorted(by: >)
    }

    @Test(arguments: [Float(0), 0.01, 0.3], [true, false])
    func everyScoreAboveTheMinimumIsDetected(_ minimum: Float, _ backgroundFirst: Bool) {
        let description = Self.description(minimum: minimum, backgroundFirst: backgroundFirst)
        for wanted: Set<Int>? in [nil, [1, 4]] {
            var options = DetectorOptions()
            options.classes = wanted
            var postprocess = Postprocess(description, width: 320, height: 320, options: options)
            var source = NormalSource(seed: 7)
            let logits = (0..<Self.rows * (Self.classes + 1)).map { _ in 4 * source.next() }
            let deltas = [Float](repeating: 0, count: 4 * Self.rows)
            let regions = (0..<Self.rows).map { row in
                Detection(
                    classIndex: 0, score: 1,
                    box: Box(x: Float(row), y: Float(2 * row), width: 20, height: 30))
            }
            var found: [Detection] = []
            postprocess.find(
                regions: regions, classes: logits.span,
                OutputLayout(channelStride: 1, cellStride: Self.classes + 1), deltas: deltas.span,
                OutputLayout(channelStride: 1, cellStride: 4), into: &found)
            let expected = Self.expected(
                logits, minimum, first: backgroundFirst ? 1 : 0,
                wanted: wanted ?? Set(0..<Self.classes))
            #expect(found.count == expected.count)
            #expect(
                zip(found, expected).allSatisfy { abs(Double($0.score) - $1) < 1e-5 },
                "minimum \(minimum)")
        }
    }
}
