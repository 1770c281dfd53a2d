import Pixels
import Scene
import Testing

@testable import Overlay

@Suite struct LabelsTests {
    static let width = 320
    static let height = 180

    @Test func readoutGrowsWithItsContent() throws {
        let one = try extent(of: drawn([], Readout(framesPerSecond: 25)))
        let counted = try extent(of: drawn([car(100), car(200)], Readout(framesPerSecond: 25)))
        let uncounted = try extent(
            of: drawn([car(100), car(200)], Readout(framesPerSecond: 25, showsCounts: false)))
        let named = try extent(of: drawn([], Readout(framesPerSecond: 25, lines: ["North gate"])))
        #expect(one.left == 5 && one.top == 5, "half a line from the corner")
        #expect(counted.height > one.height)
        #expect(uncounted == one)
        #expect(named.height == counted.height && named.width > one.width)
    }

    @Test func anEmptyReadoutIsNotDrawn() throws {
        let bytes = try drawn([], Readout(framesPerSecond: nil, lines: []))
        #expect(bytes.allSatisfy { $0 == 0x80 })
    }

    @Test func atMostEightLinesOfTheCallerAreDrawn() throws {
        let eight = [String](repeating: "line", count: 8)
        #expect(
            try drawn([], Readout(lines: eight)) == drawn([], Readout(lines: eight + eight)))
    }

    @Test func labelsDoNotOverlapTheReadout() throws {
        let readout = Readout(framesPerSecond: 25, showsCounts: false)
        let panel = try extent(of: drawn([], readout))
        let before = try drawn([], readout)
        let object = TrackedObject(
            id: 1, classIndex: 0, score: 1, box: Box(x: 8, y: 24, width: 90, height: 60),
            isPredicted: false)
        let after = try drawn([object], readout)
        for y in panel.rows {
            for x in panel.columns {
                let index = y * LabelsTests.width + x
                #expect(before[index] == after[index])
            }
        }
    }

    @Test func nameWiderThanThePictureIsTruncated() throws {
        let name = String(repeating: "very long ", count: 12)
        var options = OverlayOptions()
        options.shortensSmallLabels = false
        var renderer = try OverlayRenderer(options: options, classNames: [name])
        var buffer = PictureBuffer(
            format: .yuv420, width: 120, height: 90, color: .assumed(height: 90))
        buffer.withMutablePicture { renderer.draw([car(20, y: 40)], on: &$0) }
        var text = ""
        for value in renderer.text.scalars {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        #expect(text.hasPrefix("very") && text.hasSuffix("… #1 50%"))
        #expect(renderer.glyphs.width(of: renderer.text) <= 120)
    }

    @Test func labelOfASmallBoxIsItsIdentity() throws {
        var renderer = try OverlayRenderer(classNames: ["motorcycle"])
        var buffer = PictureBuffer(
            format: .yuv420, width: 640, height: 360, color: .assumed(height: 360))
        let far = TrackedObject(
            id: 12, classIndex: 0, score: 0.5, box: Box(x: 100, y: 100, width: 12, height: 10),
            isPredicted: false)
        buffer.withMutablePicture { renderer.draw([far], on: &$0) }
        #expect(renderer.text.scalars.elementsEqual("#12".unicodeScalars.map(\.value)))
    }

    @Test func predictedLabelDiffersFromDetectedLabel() throws {
        var predicted = car(100)
        predicted.isPredicted = true
        #expect(try drawn([car(100)], nil) != drawn([predicted], nil))
    }

    private func car(_ x: Float, y: Float = 100) -> TrackedObject {
        TrackedObject(
            id: 1, classIndex: 0, score: 0.5, box: Box(x: x, y: y, width: 40, height: 30),
            isPredicted: false)
    }

    /// Gray picture with only labels and the read-out.
    private func drawn(_ objects: [TrackedObject], _ readout: Readout?) throws -> [UInt8] {
        var options = OverlayOptions()
        options.showsBoxes = false
        var renderer = try OverlayRenderer(options: options, classNames: ["car"])
        var buffer = PictureBuffer(
            format: PixelFormat(layout: .gray), width: LabelsTests.width,
            height: LabelsTests.height, color: .assumed(height: LabelsTests.height))
        buffer.bytes = [UInt8](repeating: 0x80, count: buffer.bytes.count)
        buffer.withMutablePicture { renderer.draw(objects, on: &$0, readout: readout) }
        return buffer.bytes
    }

    /// Bounding rectangle of drawn pixels in the left half above the objects.
    private func extent(of bytes: [UInt8]) throws -> PixelRect {
        var rect: PixelRect?
        for y in 0..<80 {
            for x in 0..<160 where bytes[y * LabelsTests.width + x] != 0x80 {
                let pixel = PixelRect(left: x, top: y, width: 1, height: 1)
                let old = rect ?? pixel
                rect = PixelRect(
                    left: min(old.left, x), top: min(old.top, y), right: max(old.right, x + 1),
                    bottom: max(old.bottom, y + 1))
            }
        }
        return try #require(rect)
    }
}
