import Scene
import Testing

@testable import ThunderNet

struct AnchorsTests {
    /// The table of the specification: scale 32, width by height.
    static let row: [SIMD2<Float>] = [
        [45.25, 22.63], [36.95, 27.71], [32, 32], [27.71, 36.95], [22.63, 45.25],
    ]

    @Test func firstScaleHasTheShapesOfTheTable() {
        let anchors = Anchors(AnchorDesign(), columns: 20)
        for (index, shape) in Self.row.enumerated() {
            #expect(abs(anchors[index].width - shape.x) < 0.006)
            #expect(abs(anchors[index].height - shape.y) < 0.006)
            #expect(abs(anchors[index + 5].width - 2 * anchors[index].width) < 1e-4)
        }
    }

    @Test func ratiosCanBeOutermostAndInverted() {
        var design = AnchorDesign()
        design.order = .ratioThenScale
        let byRatio = Anchors(design, columns: 20)
        #expect(abs(byRatio[0].width - 45.25) < 0.006)
        #expect(abs(byRatio[1].width - 90.51) < 0.006)
        #expect(abs(byRatio[5].width - 36.95) < 0.006)
        design.order = .scaleThenRatio
        design.ratio = .widthOverHeight
        let turned = Anchors(design, columns: 20)
        #expect(abs(turned[0].height - 45.25) < 0.006)
    }

    @Test(arguments: [(Float(0.5), Float(8)), (0, 0)])
    func centresFollowTheOffset(_ offset: Float, _ shift: Float) {
        var design = AnchorDesign()
        design.offset = offset
        let anchors = Anchors(design, columns: 20)
        // Anchor 7 of the cell in row 1, column 2.
        let anchor = anchors[25 * 22 + 7]
        #expect(abs(anchor.centerX - (32 + shift)) < 1e-3)
        #expect(abs(anchor.centerY - (16 + shift)) < 1e-3)
    }
}
