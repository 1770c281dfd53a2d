import Testing

@testable import Overlay

@Suite struct PolylineTests {
    @Test func keepsTheNewestPoints() {
        var line = Polyline()
        for index in 0..<1000 { line.append(x: Float(index), y: 0) }
        #expect(line.count == Polyline.capacity)
        #expect(line[0].x == Float(1000 - Polyline.capacity))
        #expect(line[line.count - 1].x == 999)
    }

    @Test func nonFinitePointsAreIgnored() {
        var line = Polyline()
        line.append(x: .nan, y: 0)
        line.append(x: 0, y: .infinity)
        #expect(line.count == 0)
    }

    @Test func clearedLineStartsEmpty() {
        var line = Polyline()
        for index in 0..<300 { line.append(x: Float(index), y: 0) }
        line.removeAll()
        line.append(x: 7, y: 8)
        #expect(line.count == 1)
        #expect(line[0] == Polyline.Point(x: 7, y: 8))
    }
}
