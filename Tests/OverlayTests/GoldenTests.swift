import Pixels
import Scene
import Testing

@testable import Overlay

/// Small pictures compared with golden text files.
@Suite struct GoldenTests {
    @Test func boxesAndDashesAreExact() throws {
        var options = plain()
        options.showsBoxes = true
        let objects = [
            object(1, 0, Box(x: 3, y: 4, width: 14, height: 9), predicted: false),
            object(2, 1, Box(x: 20.4, y: 6.6, width: 13.2, height: 12.9), predicted: true),
            object(3, 5, Box(x: -5, y: 15, width: 12, height: 20), predicted: false),
        ]
        try drawn(options, objects, .yuv420, 36, 22).compare(with: "boxes", tolerance: 0)
    }

    @Test func interleavedChromaEqualsPlanarChroma() throws {
        var options = plain()
        options.showsBoxes = true
        options.lineScale = 2
        let objects = [object(1, 2, Box(x: 4, y: 3, width: 11, height: 8), predicted: false)]
        try drawn(options, objects, .nv12, 21, 15).compare(with: "nv12", tolerance: 0)
    }

    @Test func tracesAreExact() throws {
        var options = plain()
        options.showsTraces = true
        options.lineScale = 2
        let objects = [object(1, 3, Box(x: 20, y: 8, width: 6, height: 4), predicted: false)]
        let gray = PixelFormat(layout: .gray)
        let picture = try drawn(options, objects, gray, 32, 18) { object, line in
            for x in [-4, 4, 9, 15, 19, 23] as [Float] {
                line.append(x: x, y: 14 - (x - 6) * (x - 6) / 48)
            }
        }
        try picture.compare(with: "trace", tolerance: 1)
    }

    /// Antialiased edges of letters depend on the versions of FreeType and DejaVu.
    @Test func labelsMatchWithinATolerance() throws {
        var options = plain()
        options.showsNames = true
        options.showsIdentities = true
        options.showsScores = true
        let objects = [object(7, 0, Box(x: 1, y: 13, width: 60, height: 30), predicted: false)]
        let gray = PixelFormat(layout: .gray)
        try drawn(options, objects, gray, 70, 14).compare(with: "label", tolerance: 6)
    }

    /// The other pixel formats, by FFmpeg's names.
    static let formats: [(name: String, format: PixelFormat)] = [
        ("yuv422p", PixelFormat(layout: .planar, chromaShiftX: 1)),
        ("yuv444p", PixelFormat(layout: .planar)),
        (
            "yuv420p10",
            PixelFormat(layout: .planar, depth: 10, chromaShiftX: 1, chromaShiftY: 1)
        ),
        ("yuv422p10", PixelFormat(layout: .planar, depth: 10, chromaShiftX: 1)),
        ("yuv444p10", PixelFormat(layout: .planar, depth: 10)),
        (
            "p010",
            PixelFormat(
                layout: .semiPlanar, depth: 10, shift: 6, chromaShiftX: 1, chromaShiftY: 1)
        ),
    ]

    /// A detected box, a predicted one at the edge, and a trace, at odd coordinates of a picture of odd size.
    @Test(arguments: formats)
    func boxesAndTracesAreExactInEveryFormat(name: String, format: PixelFormat) throws {
        let picture = try scene(format)
        try picture.compare(with: name, tolerance: 1)
        let plain = try scene(.yuv420)
        for (fine, coarse) in zip(picture.samples.prefix(27 * 17), plain.samples) {
            #expect(abs(fine - coarse << (format.depth - 8)) <= 1 << (format.depth - 8))
        }
    }

    private func scene(_ format: PixelFormat) throws -> GoldenPicture {
        var options = plain()
        options.showsBoxes = true
        options.showsTraces = true
        let objects = [
            object(1, 1, Box(x: 3, y: 3, width: 10, height: 7), predicted: false),
            object(2, 3, Box(x: 16.4, y: 6.6, width: 14, height: 7.9), predicted: true),
        ]
        return try drawn(options, objects, format, 27, 17) { object, line in
            guard object.id == 1 else { return }
            for x in [1, 6, 12, 19] as [Float] { line.append(x: x, y: 15 - x / 3) }
        }
    }

    /// Options with all parts switched off.
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
    ) throws -> GoldenPicture {
        var renderer = try OverlayRenderer(options: options, classNames: ["car"])
        var buffer = PictureBuffer(
            format: format, width: width, height: height,
            color: ColorDescription(matrix: .bt709, isFullRange: false))
        buffer.bytes = GoldenPicture.groundBytes(format, count: buffer.bytes.count)
        buffer.withMutablePicture { renderer.draw(objects, on: &$0, trail: trail) }
        return GoldenPicture(buffer.bytes, format, width, height)
    }
}
