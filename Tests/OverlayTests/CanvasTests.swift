import Testing

@testable import Overlay

@Suite struct CanvasTests {
    @Test func dashesStartAndEndTheLineWithoutTouching() {
        for stroke in 1...8 {
            for gap in 1...6 {
                let dash = Dash(stroke: stroke, gap: gap)
                for length in 1...200 {
                    let parts = (0..<dash.count(length: length)).map {
                        dash.part($0, length: length)
                    }
                    #expect(parts.first?.lowerBound == 0)
                    #expect(parts.last?.upperBound == length)
                    for (one, next) in zip(parts, parts.dropFirst()) where length > 2 * stroke {
                        #expect(one.upperBound < next.lowerBound, "\(dash) \(length)")
                    }
                }
            }
        }
    }
}
