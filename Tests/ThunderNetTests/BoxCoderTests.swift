import Scene
import Testing

@testable import ThunderNet

struct BoxCoderTests {
    static let base = Box(x: 10, y: 20, width: 40, height: 20)

    @Test func zeroDeltasKeepTheBox() {
        #expect(BoxCoder(limit: 4.135).decode(.zero, relativeTo: Self.base) == Self.base)
    }

    @Test func deltasShiftBySidesAndScaleByLogarithms() {
        let deltas = SIMD4<Float>(0.5, -1, 0.693_147_2, -0.693_147_2)
        let box = BoxCoder(limit: 4.135).decode(deltas, relativeTo: Self.base)
        #expect(abs(box.centerX - 50) < 1e-4)
        #expect(abs(box.centerY - 10) < 1e-4)
        #expect(abs(box.width - 80) < 1e-4)
        #expect(abs(box.height - 10) < 1e-4)
    }

    @Test func deviationsScaleTheDeltas() {
        let coder = BoxCoder(deviations: [0.1, 0.1, 0.2, 0.2], limit: 4.135)
        let box = coder.decode([1, 0, 0, 0], relativeTo: Self.base)
        #expect(abs(box.centerX - 34) < 1e-4)
    }

    @Test func sizeChangesAreClampedToTheLimit() {
        let box = BoxCoder(limit: 4.135).decode([0, 0, 99, -99], relativeTo: Self.base)
        #expect(abs(box.width - 40 * 62.5) < 2)
        #expect(abs(box.height - 20 / 62.5) < 0.01)
    }
}
