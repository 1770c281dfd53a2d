import Scene
import TestSupport
import Testing

@testable import Bench

struct ModelComparisonTests {
    /// A detector that finds each of a hundred objects with a probability.
    private func table(_ probability: Double, seed: UInt64) -> ResampledPrecision {
        var generator = SeededGenerator(seed: seed)
        let box = Box(x: 10, y: 10, width: 50, height: 50)
        let images = (0..<100).map { _ in
            let isFound = Double.random(in: 0..<1, using: &generator) < probability
            return AnnotatedImage(
                truths: [AnnotatedObject(classIndex: 0, box: box)],
                detections: isFound ? [Detection(classIndex: 0, score: 0.9, box: box)] : [])
        }
        return ResampledPrecision(images: images, classCount: 1)
    }

    @Test func aMuchBetterDetectorIsCalledBetter() {
        let comparison = ModelComparison(
            table(0.3, seed: 1), table(0.7, seed: 2), images: 100, resamples: 200)
        for figure in comparison.figures {
            #expect(figure.verdict == "the second is better")
            #expect(figure.firstInterval.contains(figure.first))
            #expect(figure.difference.lowerBound > 0.1)
        }
    }

    @Test func equalDetectorsAreNotToldApart() {
        let comparison = ModelComparison(
            table(0.5, seed: 3), table(0.5, seed: 3), images: 100, resamples: 200)
        #expect(comparison.figures.allSatisfy { $0.verdict == "no difference seen" })
    }

    @Test func theSameComparisonGivesTheSameIntervals() {
        let first = ModelComparison(
            table(0.4, seed: 4), table(0.5, seed: 5), images: 100, resamples: 100)
        let second = ModelComparison(
            table(0.4, seed: 4), table(0.5, seed: 5), images: 100, resamples: 100)
        #expect(first.figures == second.figures)
    }
}
