import Foundation
import TestSupport
import Testing

@testable import Video

/// Image formats that are not read.
@Suite(.timeLimit(.minutes(1)))
struct StillImageTests {
    private static func box(_ brand: String) -> [UInt8] {
        [0, 0, 0, 24] + Array("ftyp\(brand)".utf8) + [0, 0, 0, 0] + Array("mif1\(brand)".utf8)
    }

    private static let files: [(String, [UInt8], String)] = [
        ("photo.heic", box("heic"), "HEIC"),
        ("photo.heif", box("mif1"), "HEIC"),
        ("raw.cr3", box("crx "), "raw image"),
        ("raw.cr2", Array("II*\0".utf8) + [16, 0, 0, 0] + Array("CR".utf8) + [2, 0], "raw image"),
        ("page.pdf", Array("%PDF-1.7\n".utf8), "PDF"),
        ("drawing.svg", Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8), "SVG"),
        (
            "animated.webp",
            Array("RIFF".utf8) + [100, 0, 0, 0] + Array("WEBPVP8X".utf8) + [
                10, 0, 0, 0, 2, 0, 0, 0,
            ],
            "animated WebP"
        ),
    ]

    @Test(arguments: files)
    func unreadableImageIsNamedWithAdvice(_ file: (String, [UInt8], String)) throws {
        let path = try MediaFixture.write(
            file.0, Data(file.1 + [UInt8](repeating: 0x55, count: 300)))
        do {
            _ = try Reading(path)
            Issue.record("\(file.0) was read")
        } catch let error as VideoError {
            #expect(error.kind == .unknownFormat)
            #expect(error.message.contains(file.2) && error.message.contains("Convert it to JPEG"))
        }
    }

    @Test func recordingsAreNoStillImages() throws {
        #expect(try StillImage.unreadableFormat(VideoReaderDamageTests.plain()) == nil)
        #expect(StillImage.format([]) == nil)
        #expect(StillImage.format(Array("ftyp".utf8)) == nil)
        #expect(StillImage.unreadableFormat("/nowhere") == nil)
    }
}
