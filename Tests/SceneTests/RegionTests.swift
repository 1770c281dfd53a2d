import Scene
import Testing

struct RegionTests {
    @Test(
        arguments: [
            (-0.1, 0, 0.5, 0.5), (0, 0, 0, 0.5), (0, 0, 0.5, -0.5), (0.6, 0, 0.5, 0.5),
            (0, 0.9, 0.5, 0.2), (.nan, 0, 0.5, 0.5), (0, 0, .infinity, 0.5),
        ] as [(Float, Float, Float, Float)])
    func regionOutsideTheFrameIsRejected(x: Float, y: Float, width: Float, height: Float) {
        #expect(Region(x: x, y: y, width: width, height: height) == nil)
    }

    @Test func boxIsInsideWhenItsCentreIs() throws {
        let bonnet = try #require(Region(x: 0, y: 0.8, width: 1, height: 0.2))
        func contains(_ box: Box) -> Bool {
            bonnet.contains(centerOf: box, frameWidth: 200, frameHeight: 100)
        }
        #expect(contains(Box(x: 50, y: 75, width: 20, height: 20)))
        #expect(!contains(Box(x: 50, y: 65, width: 20, height: 20)))
        #expect(contains(Box(x: 50, y: 70, width: 20, height: 20)))
        #expect(contains(Box(x: 190, y: 95, width: 20, height: 10)))
    }

    @Test func adjacentRegionsShareNoPoint() throws {
        let left = try #require(Region(x: 0, y: 0, width: 0.5, height: 1))
        let right = try #require(Region(x: 0.5, y: 0, width: 0.5, height: 1))
        for x in 0..<100 {
            let box = Box(x: Float(x), y: 5, width: 0, height: 0)
            let count = [left, right].count {
                $0.contains(centerOf: box, frameWidth: 100, frameHeight: 10)
            }
            #expect(count == 1)
        }
    }

    @Test func removesInPlaceAndKeepsTheOrder() throws {
        let clock = try #require(Region(x: 0, y: 0, width: 0.25, height: 0.25))
        var detections = [10, 30, 5, 90].map {
            Detection(
                classIndex: 0, score: 0.5, box: Box(x: $0, y: 10, width: 4, height: 4))
        }
        detections.remove(inside: [clock], frameWidth: 100, frameHeight: 100)
        #expect(detections.map(\.box.x) == [30, 90])
        detections.remove(inside: [], frameWidth: 100, frameHeight: 100)
        #expect(detections.count == 2)
    }
}
