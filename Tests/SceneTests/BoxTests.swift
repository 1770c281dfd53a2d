import Scene
import TestSupport
import Testing

struct BoxTests {
    @Test func overlapIsSymmetricAndBetweenZeroAndOne() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let boxes = (0..<2).map { _ in
                Box.around(
                    random.uniform(0...50), random.uniform(0...50), random.uniform(0...40),
                    random.uniform(0...40))
            }
            let shared = boxes[0].overlap(boxes[1])
            #expect(shared == boxes[1].overlap(boxes[0]))
            #expect(shared >= 0 && shared <= 1)
        }
    }

    @Test func overlapOfKnownBoxes() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        #expect(box.overlap(box) == 1)
        #expect(box.overlap(Box(x: 5, y: 0, width: 10, height: 10)) == 1 / Float(3))
        #expect(box.overlap(Box(x: 10, y: 0, width: 10, height: 10)) == 0)
        let nothing = Box(x: 0, y: 0, width: 0, height: 0)
        #expect(nothing.overlap(nothing) == 0)
    }

    @Test func intersectionOfDisjointBoxesIsEmpty() {
        let part = Box(x: 0, y: 0, width: 10, height: 10)
            .intersection(Box(x: 20, y: 30, width: 5, height: 5))
        #expect(part.area == 0)
    }
}
