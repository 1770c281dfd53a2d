import Testing

@testable import Scene

struct DetectionPoolTests {
    private let picture = Box(x: 0, y: 0, width: 200, height: 100)

    private func filled(
        _ detections: [Detection], change: (inout TrackerOptions) -> Void = { _ in }
    ) -> [Detection] {
        var options = TrackerOptions()
        change(&options)
        var pool = DetectionPool(options: options)
        pool.fill(from: detections, picture: picture)
        return (0..<pool.count).map { pool[$0] }
    }

    @Test func standsBestScoreFirst() {
        let boxes = (0..<4).map { Box(x: Float($0) * 40, y: 10, width: 20, height: 20) }
        let scores: [Float] = [0.4, 0.8, 0.4, 0.9]
        let pool = filled(zip(boxes, scores).map { claim($0, score: $1) })
        #expect(pool.map(\.box.x) == [120, 40, 0, 80])
    }

    @Test func isClippedToThePictureAndItsScoresToOne() {
        let pool = filled([claim(Box(x: -50, y: 90, width: 100, height: 50), score: 7)])
        #expect(pool == [claim(Box(x: 0, y: 90, width: 50, height: 10), score: 1)])
    }

    @Test(arguments: [
        Box(x: 0, y: 0, width: 0, height: 10), Box(x: 50, y: 50, width: -10, height: 10),
        Box(x: .nan, y: 0, width: 10, height: 10), Box(x: 0, y: 0, width: .infinity, height: 10),
        Box(x: 300, y: 0, width: 10, height: 10), Box(x: 199.5, y: 0, width: 10, height: 10),
    ])
    func boxesThatMakeNoSenseAreRefused(box: Box) {
        #expect(filled([claim(box)]).isEmpty)
    }

    @Test(arguments: [Float.nan, 0, -1, .infinity, 0.01])
    func scoresThatMakeNoSenseOrAreTooLowAreRefused(score: Float) {
        #expect(filled([claim(Box(x: 0, y: 0, width: 10, height: 10), score: score)]).isEmpty)
    }

    @Test func duplicatesGoWithinAGroupOnly() {
        let box = Box(x: 10, y: 10, width: 50, height: 50)
        let claims = [0, 3, 4].map { claim(box, score: 0.5 + Float($0) / 10, classIndex: $0) }
        #expect(filled(claims).count == 3)
        let grouped = filled(claims) { $0.classGroups = [[0, 3], [3, 4]] }
        #expect(grouped.map(\.classIndex) == [4, 3], "the first group that names a class counts")
    }

    @Test func isBounded() {
        let claims = (0..<50).map {
            claim(
                Box(x: Float($0) * 3, y: 0, width: 2, height: 50), score: 0.3 + Float($0) / 100)
        }
        let pool = filled(claims) { $0.detectionLimit = 7 }
        #expect(pool.map(\.box.x) == (43..<50).reversed().map { Float($0) * 3 })
    }
}
