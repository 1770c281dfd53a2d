import Scene
import Testing

struct PolygonTests {
    private let triangle = [
        FramePoint(x: 0, y: 1), FramePoint(x: 0.5, y: 0.6), FramePoint(x: 1, y: 1),
    ]

    private func detection(_ box: Box, class index: Int = 0) -> Detection {
        Detection(classIndex: index, score: 0.5, box: box)
    }

    @Test func polygonIgnoresWhatStandsInsideAndNotInTheCornersOfItsRectangle() throws {
        let bonnet = try #require(Region(points: triangle))
        var detections = [(100, 190), (10, 130), (190, 130), (100, 100)].map { x, y in
            detection(Box(x: Float(x) - 5, y: Float(y) - 5, width: 10, height: 10))
        }
        detections.remove(inside: [bonnet], frameWidth: 200, frameHeight: 200)
        #expect(detections.map(\.box.centerX) == [10, 190, 100])
        #expect(abs(bonnet.box(frameWidth: 100, frameHeight: 100).height - 40) < 0.01)
    }

    @Test func polygonNeedsThreeCornersInsideTheFrame() {
        #expect(Region(points: Array(triangle.prefix(2))) == nil)
        #expect(Region(points: triangle + [FramePoint(x: 1.1, y: 0)]) == nil)
        #expect(Region(points: triangle + [FramePoint(x: .nan, y: 0)]) == nil)
    }

    @Test func linesThatMeetThemselvesAreFound() {
        func points(_ places: [(Double, Double)]) -> [FramePoint] {
            places.map { FramePoint(x: $0.0, y: $0.1) }
        }
        let bow = points([(0, 0), (1, 1), (1, 0), (0, 1)])
        #expect(bow.meetsItself(isClosed: true) && bow.meetsItself(isClosed: false))
        #expect(!triangle.meetsItself(isClosed: true))
        let hook = points([(0, 0), (1, 0), (1, 1), (0.5, -0.5)])
        #expect(hook.meetsItself(isClosed: false))
        #expect(points([(0, 0), (1, 0), (0.5, 0)]).meetsItself(isClosed: false))
        #expect(!points([(0, 0), (0.5, 0), (1, 0)]).meetsItself(isClosed: false))
        #expect(points([(0, 0), (0.5, 0), (1, 0)]).meetsItself(isClosed: true))
    }

    @Test func sizeIsLimitedByClass() {
        var limits = SizeLimits()
        limits.least = [0: 0.1]
        limits.most = [1: 0.5]
        var detections = [
            detection(Box(x: 0, y: 0, width: 5, height: 19)),
            detection(Box(x: 0, y: 0, width: 5, height: 20)),
            detection(Box(x: 0, y: 0, width: 101, height: 5), class: 1),
            detection(Box(x: 0, y: 0, width: 1, height: 1), class: 1),
            detection(Box(x: 0, y: 0, width: 200, height: 200), class: 2),
        ]
        detections.remove(outside: limits, frameWidth: 200, frameHeight: 200)
        #expect(detections.map(\.box.width) == [5, 1, 200])
        #expect(detections[0].box.height == 20)
    }
}
