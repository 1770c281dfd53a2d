import Foundation
import Pixels
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct ImageSourceTests {
    @Test
    func imageSequenceIsARecording() throws {
        _ = try MediaFixture.make(
            "numbered%03d.png", "-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.4")
        let reading = try Reading(MediaFixture.folder.path + "/numbered%03d.png")
        #expect(reading.timestamps == Array(0..<10))
        #expect(throws: VideoError.self) {
            _ = try Reading(MediaFixture.folder.path + "/nothing%03d.png")
        }
    }

    @Test(arguments: ["png", "bmp", "jpg", "webp"])
    func imageHasOneFrame(_ kind: String) throws {
        let path = try MediaFixture.make(
            "image.\(kind)", "-f lavfi -i testsrc2=size=64x48 -frames:v 1")
        let reading = try Reading(path)
        #expect(reading.timestamps.count == 1)
        #expect(reading.description?.video.width == 64)
        #expect(reading.report.missingTimestamps == 0)
        #expect(reading.format?.layout == .planar)
    }

    @Test(arguments: [
        ("rgb.png", "-pix_fmt rgb24"), ("alpha.png", "-pix_fmt rgba"),
        ("palette.gif", ""), ("planar.mkv", "-c:v ffv1 -pix_fmt gbrp"),
        ("alpha.mov", "-c:v qtrle -pix_fmt argb"), ("wide.png", "-pix_fmt rgb48be"),
    ])
    func convertedFramesKeepTheirColours(_ kind: (String, String)) throws {
        let path = try MediaFixture.make(
            "convert-\(kind.0)",
            "-f lavfi -i color=0xC83C28:size=64x800:duration=0.04 -frames:v 1 \(kind.1)")
        let frame = try ScalerTests.frame(path)
        var canvas = [UInt8](repeating: 0, count: 16 * 16 * 3)
        var scaler = Scaler()
        var span = canvas.mutableSpan
        try scaler.scale(frame, to: .stretch(canvasWidth: 16, canvasHeight: 16), into: &span)
        for (channel, expected) in [200, 60, 40].enumerated() {
            #expect(abs(Int(canvas[300 + channel]) - expected) <= 3)
        }
        let diagnostics = try Reading(path).report.warnings
        // FFmpeg always delivers GIF with transparency.
        #expect(diagnostics.isEmpty != ["alpha.png", "alpha.mov", "palette.gif"].contains(kind.0))
    }

    @Test(arguments: [(1, 64, 0), (3, 64, 180), (6, 48, 90), (8, 48, 270)])
    func photosAreRotatedByExif(_ kind: (tag: UInt8, width: Int, rotation: Int)) throws {
        let plain = try MediaFixture.make(
            "photo.jpg", "-f lavfi -i testsrc2=size=64x48 -frames:v 1 -pix_fmt yuvj420p")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: plain))
        let directory: [UInt8] = [
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, kind.tag, 0, 0, 0, 0, 0, 0,
        ]
        let exif = Array("Exif\0\0MM\0*".utf8) + [0, 0, 0, 8] + directory
        bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif, at: 2)
        let path = try MediaFixture.write("photo\(kind.tag).jpg", bytes)
        let reading = try Reading(path, keepSamples: true)
        let frame = try #require(reading.description?.video)
        #expect(frame.width == kind.width && frame.rotation == kind.rotation)
        let turn = [0: "null", 90: "transpose=clock", 180: "hflip,vflip", 270: "transpose=cclock"]
        let filter = try #require(turn[kind.rotation])
        #expect(equal(reading.samples, MediaFixture.samples(plain, ["-vf", filter])))
    }
}
