import TestSupport
import Testing

@testable import Scene

struct ResampledPrecisionTests {
    /// Images with objects of three classes and detections that miss, repeat and invent some.
    private func images(_ count: Int, seed: UInt64) -> [AnnotatedImage] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            var image = AnnotatedImage(truths: [], detections: [])
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let box = Box(
                    x: Float.random(in: 0...500, using: &generator),
                    y: Float.random(in: 0...200, using: &generator),
                    width: Float.random(in: 10...120, using: &generator),
                    height: Float.random(in: 10...120, using: &generator))
                let index = Int.random(in: 0..<3, using: &generator)
                image.truths.append(
                    AnnotatedObject(
                        classIndex: index, box: box,
                        isCrowd: Int.random(in: 0..<8, using: &generator) == 0))
                for _ in 0..<Int.random(in: 0...2, using: &generator) {
                    var moved = box
                    moved.x += Float.random(in: -20...20, using: &generator)
                    image.detections.append(
                        Detection(
                            classIndex: index, score: Float.random(in: 0...1, using: &generator),
                            box: moved))
                }
            }
            return image
        }
    }

    @Test(arguments: 1...5) func everyImageOnceGivesTheMetrics(seed: UInt64) {
        let images = images(40, seed: seed)
        let metrics = DetectionMetrics(images: images, classCount: 3)
        let figures = ResampledPrecision(images: images, classCount: 3)
            .figures(counts: [Int](repeating: 1, count: 40))
        #expect(figures.averagePrecision == metrics.averagePrecision)
        #expect(figures.averagePrecision50 == metrics.averagePrecision50)
    }

    /// Repeating images equals measuring on a set that holds them so many times.
    @Test(arguments: 1...5) func countsEqualRepeatedImages(seed: UInt64) throws {
        let images = images(25, seed: seed)
        let counts = images.indices.map { ($0 * 7 + Int(seed)) % 4 }
        let repeated = zip(images, counts).flatMap { Array(repeating: $0, count: $1) }
        let metrics = DetectionMetrics(images: repeated, classCount: 3)
        let figures = ResampledPrecision(images: images, classCount: 3).figures(counts: counts)
        let (found, expected) = (
            try #require(figures.averagePrecision), try #require(metrics.averagePrecision)
        )
        #expect(abs(found - expected) < 1e-12)
    }

    @Test func aClassWithoutObjectsIsLeftOut() {
        let images = [
            AnnotatedImage(
                truths: [],
                detections: [
                    Detection(classIndex: 0, score: 0.9, box: Box(x: 0, y: 0, width: 9, height: 9))
                ])
        ]
        let figures = ResampledPrecision(images: images, classCount: 2).figures(counts: [1])
        #expect(figures.averagePrecision == nil)
    }
}
