import Testing

@testable import Scene

struct ConfusionMatrixTests {
    private func box(_ x: Float) -> Box { Box(x: x, y: 0, width: 40, height: 40) }

    @Test func objectsAndDetectionsAreCountedOnceByTheirClasses() {
        let image = AnnotatedImage(
            truths: [
                AnnotatedObject(classIndex: 0, box: box(0)),
                AnnotatedObject(classIndex: 0, box: box(100)),
                AnnotatedObject(classIndex: 1, box: box(200)),
                AnnotatedObject(classIndex: 1, box: box(300), isCrowd: true),
            ],
            detections: [
                Detection(classIndex: 0, score: 0.9, box: box(2)),
                // A second detection of the same object.
                Detection(classIndex: 0, score: 0.8, box: box(1)),
                // A wrong class.
                Detection(classIndex: 0, score: 0.7, box: box(205)),
                // Within a crowd.
                Detection(classIndex: 1, score: 0.9, box: box(302)),
                // Below the score.
                Detection(classIndex: 0, score: 0.2, box: box(100)),
            ])
        let matrix = ConfusionMatrix(images: [image], classCount: 2, score: 0.5)
        #expect(matrix.counts == [[1, 0, 1], [1, 0, 0], [1, 0, 0]])
    }
}
