import Pixels
import Testing

@testable import Overlay

struct ShapesTests {
    private func drawn(_ shapes: [OverlayShape]) throws -> [[Bool]] {
        var renderer = try OverlayRenderer(classNames: ["car"])
        var buffer = PictureBuffer(
            format: PixelFormat(layout: .gray), width: 320, height: 200,
            color: .assumed(height: 200))
        for index in buffer.bytes.indices { buffer.bytes[index] = 128 }
        let stride = buffer.bytes.count / 200
        buffer.withMutablePicture { renderer.draw([], on: &$0, shapes: shapes) }
        return (0..<200).map { y in (0..<320).map { buffer.bytes[y * stride + $0] != 128 } }
    }

    private func shape(_ points: [(Float, Float)], closed: Bool = false) -> OverlayShape {
        OverlayShape(
            points: points.map { Polyline.Point(x: $0.0, y: $0.1) }, isClosed: closed,
            showsArrow: !closed)
    }

    @Test func arrowPointsToTheLeftOfTheWalk() throws {
        let right = try drawn([shape([(100, 100), (220, 100)])])
        #expect(right[100][110] && right[92][160] && !right[108][160])
        let left = try drawn([shape([(220, 100), (100, 100)])])
        #expect(left[100][110] && left[108][160] && !left[92][160])
        let down = try drawn([shape([(160, 40), (160, 160)])])
        #expect(down[100][168] && !down[100][152])
    }

    @Test func zoneIsAClosedOutlineWithItsTextAtTheTop() throws {
        var zone = shape([(60, 60), (260, 60), (260, 160), (60, 160)], closed: true)
        let outline = try drawn([zone])
        #expect(outline[60][160] && outline[160][160] && outline[110][60] && outline[110][260])
        #expect(!outline[110][160])
        zone.text = "driveway 2"
        let labelled = try drawn([zone])
        #expect(labelled != outline)
        #expect(!labelled[110][160] && !labelled[150][160])
    }

    @Test func hostileShapesAreHarmless() throws {
        let far: [Float] = [.nan, .infinity, -.infinity, 1e30, -1e30, 0, 50, 1e7]
        var shapes = far.flatMap { x in far.map { y in shape([(x, y), (y, x), (3, 4)]) } }
        for index in shapes.indices { shapes[index].text = "text" }
        _ = try drawn(shapes)
        _ = try drawn([shape([]), shape([(1, 1)]), shape([(5, 5), (5, 5)])])
    }

    @Test func heatIsDrawnCellByCell() {
        var buffer = PictureBuffer(
            format: .yuv420, width: 64, height: 32, color: .assumed(height: 32))
        let before = buffer.bytes
        var levels = [Double](repeating: 0, count: 8 * 4)
        levels[8 + 1] = 1
        buffer.withMutablePicture { HeatDrawing.draw(levels, columns: 8, on: &$0) }
        var changed: [(x: Int, y: Int)] = []
        for index in 0..<64 * 32 where before[index] != buffer.bytes[index] {
            changed.append((x: index % 64, y: index / 64))
        }
        #expect(changed.count == 64)
        #expect(changed.allSatisfy { (8..<16).contains($0.x) && (8..<16).contains($0.y) })
    }
}
