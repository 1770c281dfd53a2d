import Foundation
import Pixels
import Scene
import TestSupport
import Testing

@testable import Overlay

/// Small pictures compared with text files that can be read as pictures: two hexadecimal digits a sample, two
/// dots where the ground is as it was, one block of lines per plane.
///
/// `THUNDERLINE_REGENERATE_GOLDENS=1` writes the files anew instead of comparing.
@Suite struct GoldenTests {
    static let ground: UInt8 = 0x80

    @Test func boxesAndDashesAreExact() throws {
        var options = plain()
        options.showsBoxes = true
        let objects = [
            object(1, 0, Box(x: 3, y: 4, width: 14, height: 9), predicted: false),
            object(2, 1, Box(x: 20.4, y: 6.6, width: 13.2, height: 12.9), predicted: true),
            object(3, 5, Box(x: -5, y: 15, width: 12, height: 20), predicted: false),
        ]
        let bytes = try drawn(options, objects, .yuv420, 36, 22)
        try compare(bytes, .yuv420, 36, 22, with: "boxes", tolerance: 0)
    }

    @Test func interleavedChromaHoldsTheSameColours() throws {
        var options = plain()
        options.showsBoxes = true
        options.lineScale = 2
        let objects = [object(1, 2, Box(x: 4, y: 3, width: 11, height: 8), predicted: false)]
        let bytes = try drawn(options, objects, .nv12, 21, 15)
        try compare(bytes, .nv12, 21, 15, with: "nv12", tolerance: 0)
    }

    @Test func tracesAreExact() throws {
        var options = plain()
        options.showsTraces = true
        options.lineScale = 2
        let objects = [object(1, 3, Box(x: 20, y: 8, width: 6, height: 4), predicted: false)]
        let gray = PixelFormat(layout: .gray)
        let bytes = try drawn(options, objects, gray, 32, 18) { object, line in
            for x in [-4, 4, 9, 15, 19, 23] as [Float] {
                line.append(x: x, y: 14 - (x - 6) * (x - 6) / 48)
            }
        }
        try compare(bytes, gray, 32, 18, with: "trace", tolerance: 1)
    }

    /// Letters may differ in their soft edges where another version of FreeType or DejaVu is installed.
    @Test func labelsLookAlike() throws {
        var options = plain()
        options.showsNames = true
        options.showsIdentities = true
        options.showsScores = true
        let objects = [object(7, 0, Box(x: 1, y: 13, width: 60, height: 30), predicted: false)]
        let gray = PixelFormat(layout: .gray)
        let bytes = try drawn(options, objects, gray, 70, 14)
        try compare(bytes, gray, 70, 14, with: "label", tolerance: 6)
    }

    /// Options that draw nothing.
    private func plain() -> OverlayOptions {
        var options = OverlayOptions()
        options.showsBoxes = false
        options.showsNames = false
        options.showsIdentities = false
        options.showsScores = false
        options.showsTraces = false
        return options
    }

    private func object(_ id: Int, _ index: Int, _ box: Box, predicted: Bool) -> TrackedObject {
        TrackedObject(id: id, classIndex: index, score: 0.91, box: box, isPredicted: predicted)
    }

    private func drawn(
        _ options: OverlayOptions, _ objects: [TrackedObject], _ format: PixelFormat, _ width: Int,
        _ height: Int, trail: (TrackedObject, inout Polyline) -> Void = { _, _ in }
    ) throws -> [UInt8] {
        var renderer = try OverlayRenderer(options: options, classNames: ["car"])
        var buffer = PictureBuffer(
            format: format, width: width, height: height,
            color: ColorDescription(matrix: .bt709, isFullRange: false))
        buffer.bytes = [UInt8](repeating: GoldenTests.ground, count: buffer.bytes.count)
        buffer.withMutablePicture { renderer.draw(objects, on: &$0, trail: trail) }
        return buffer.bytes
    }

    /// Compares with a golden file: the mean difference of samples must not exceed `tolerance`.
    private func compare(
        _ bytes: [UInt8], _ format: PixelFormat, _ width: Int, _ height: Int, with name: String,
        tolerance: Double
    ) throws {
        let file = Shared.root.appendingPathComponent("Tests/OverlayTests/Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["THUNDERLINE_REGENERATE_GOLDENS"] == "1" {
            try text(bytes, format, width, height).write(
                to: file, atomically: true, encoding: .utf8)
        }
        let golden = try samples(String(contentsOf: file, encoding: .utf8))
        try #require(golden.count == bytes.count)
        let differences = zip(golden, bytes).map { abs(Double($0) - Double($1)) }
        let mean = differences.reduce(0, +) / Double(bytes.count)
        #expect(mean <= tolerance, "\n\(text(bytes, format, width, height))")
        if tolerance <= 1 { #expect(differences.allSatisfy { $0 <= tolerance }) }
    }

    private func text(
        _ bytes: [UInt8], _ format: PixelFormat, _ width: Int, _ height: Int
    ) -> String {
        var lines: [String] = []
        var rest = bytes[...]
        for plane in 0..<format.planeCount {
            if plane > 0 { lines.append("") }
            for _ in 0..<format.rows(ofPlane: plane, height: height) {
                let row = rest.prefix(format.bytes(inRowOfPlane: plane, width: width))
                rest = rest.dropFirst(row.count)
                lines.append(row.map(digits).joined(separator: " "))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func digits(_ sample: UInt8) -> String {
        guard sample != GoldenTests.ground else { return ".." }
        return (sample < 16 ? "0" : "") + String(sample, radix: 16)
    }

    private func samples(_ text: String) -> [UInt8] {
        text.split(whereSeparator: \.isWhitespace).map {
            UInt8($0, radix: 16) ?? GoldenTests.ground
        }
    }
}
