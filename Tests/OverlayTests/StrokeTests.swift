import Testing

@testable import Overlay

@Suite struct StrokeTests {
    @Test func coverageDependsOnTheDistance() throws {
        let stroke = try #require(
            Stroke(
                from: .init(x: 4, y: 5.5), to: .init(x: 14, y: 5.5), radius: 1, width: 20,
                height: 12))
        #expect(stroke.coverage(9, 5) == 255)
        #expect(stroke.coverage(9, 6) == 128)
        #expect(stroke.coverage(9, 7) == 0)
        #expect(stroke.coverage(2, 5) == 0)
    }

    @Test func columnRangeContainsAllCoveredPixels() throws {
        for end in stride(from: Float(-30), through: 60, by: 7) {
            guard
                let stroke = Stroke(
                    from: .init(x: 10, y: 12), to: .init(x: end, y: 30 - end), radius: 1.5,
                    width: 40, height: 30)
            else { continue }
            for y in 0..<30 {
                for x in 0..<40 where stroke.coverage(x, y) > 0 {
                    #expect(stroke.columns(y).contains(x))
                    #expect(stroke.bounds.columns.contains(x) && stroke.bounds.rows.contains(y))
                }
            }
        }
    }

    @Test func segmentOutsideThePictureIsNil() {
        #expect(
            Stroke(
                from: .init(x: -50, y: 0), to: .init(x: 0, y: -50), radius: 1, width: 40, height: 30
            )
                == nil)
    }

    @Test func segmentIsClippedToThePicture() throws {
        let far: [Float] = [1e9, -1e9, 1e30, .greatestFiniteMagnitude]
        for x in far {
            for y in far {
                if let stroke = Stroke(
                    from: .init(x: 20, y: 15), to: .init(x: x, y: y), radius: 2, width: 40,
                    height: 30)
                {
                    #expect(stroke.bounds.width < 100 && stroke.bounds.height < 100)
                }
                _ = Stroke(
                    from: .init(x: x, y: y), to: .init(x: -x, y: -y), radius: 2, width: 40,
                    height: 30)
            }
        }
    }
}
