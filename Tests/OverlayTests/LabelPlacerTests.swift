import Testing

@testable import Overlay

@Suite struct LabelPlacerTests {
    static let picture = PixelRect(left: 0, top: 0, right: 200, bottom: 100)

    @Test func labelIsAboveItsOutline() {
        let place = place([PixelRect(left: 50, top: 40, right: 90, bottom: 60)])
        #expect(place == [PixelRect(left: 50, top: 28, right: 80, bottom: 40)])
    }

    @Test func withoutSpaceAboveTheLabelIsInside() {
        let place = place([PixelRect(left: 50, top: 5, right: 90, bottom: 60)])
        #expect(place == [PixelRect(left: 50, top: 7, right: 80, bottom: 19)])
    }

    @Test func labelDoesNotExceedTheRightEdge() {
        let place = place([PixelRect(left: 190, top: 40, right: 200, bottom: 60)])
        #expect(place == [PixelRect(left: 170, top: 28, right: 200, bottom: 40)])
    }

    @Test func labelsOfCoincidentOutlinesDoNotOverlap() {
        let outline = PixelRect(left: 50, top: 40, right: 90, bottom: 60)
        let places = place([outline, outline, outline])
        #expect(!places[0].meets(places[1]))
        #expect(!places[1].meets(places[2]))
        #expect(!places[0].meets(places[2]))
    }

    @Test func allLabelsAreInsideThePicture() {
        for left in stride(from: 0, through: 195, by: 13) {
            for top in stride(from: 0, through: 95, by: 7) {
                for size in [3, 40, 200] {
                    let outline = PixelRect(left: left, top: top, width: size, height: size)
                        .intersection(LabelPlacerTests.picture)
                    for place in place([outline, outline]) {
                        #expect(place.intersection(LabelPlacerTests.picture) == place)
                    }
                }
            }
        }
    }

    @Test func labelLargerThanThePictureStartsInsideIt() {
        var placer = LabelPlacer()
        let picture = PixelRect(left: 0, top: 0, right: 20, bottom: 8)
        let place = placer.place(
            width: 30, height: 12, outline: PixelRect(left: 5, top: 2, right: 9, bottom: 6),
            line: 1, in: picture)
        #expect(place == PixelRect(left: 0, top: 0, right: 30, bottom: 12))
    }

    private func place(_ outlines: [PixelRect]) -> [PixelRect] {
        var placer = LabelPlacer()
        return outlines.map {
            placer.place(
                width: 30, height: 12, outline: $0, line: 2, in: LabelPlacerTests.picture)
        }
    }
}
