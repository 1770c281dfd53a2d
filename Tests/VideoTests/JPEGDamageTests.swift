import Foundation
import TestSupport
import Testing

@testable import Video

/// Images and MJPEG frames that FFmpeg decodes without an error although a part is missing.
@Suite(.timeLimit(.minutes(1)))
struct JPEGDamageTests {
    private static func image(_ name: String = "whole.jpg", _ more: String = "") throws -> [UInt8] {
        let path = try MediaFixture.make(
            name, "-f lavfi -i testsrc2=size=320x192:duration=0.04 \(more) -frames:v 1 -q:v 3")
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Variants of an image, and whether each is damaged.
    private static func variants() throws -> [(name: String, bytes: [UInt8], isDamaged: Bool)] {
        let whole = try image()
        let (half, zeros) = (whole.count / 2, { [UInt8](repeating: 0, count: $0) })
        return [
            ("whole", whole, false),
            ("without end marker", whole.dropLast(2), false),
            ("padded by zeros", whole + zeros(900), false),
            ("padded by ones", whole + [UInt8](repeating: 0xFF, count: 900), false),
            ("without end marker, padded", whole.dropLast(2) + zeros(900), false),
            ("half", Array(whole.prefix(half)), true),
            ("without its last row", whole.dropLast(200), true),
            ("half with an end marker", whole.prefix(half) + [0xFF, 0xD9], true),
            ("zeroed tail", whole.prefix(half) + zeros(whole.count - half), true),
            (
                "zeroed tail with an end marker",
                whole.prefix(half) + zeros(whole.count - half - 2) + [0xFF, 0xD9], true
            ),
            (
                "zeroed middle",
                whole.prefix(half) + zeros(900) + whole.dropFirst(half + 900), true
            ),
        ]
    }

    @Test func damagedImagesAreFlaggedAndOthersAreNot() throws {
        for (index, variant) in try Self.variants().enumerated() {
            let path = try MediaFixture.write("variant-\(index).jpg", Data(variant.bytes))
            let reading = try Reading(path)
            #expect(reading.damaged == [variant.isDamaged], "\(variant.name)")
            #expect(reading.report.damagedFrames == (variant.isDamaged ? 1 : 0))
            let said = reading.report.warnings.contains { $0.contains("damaged") }
            #expect(said == variant.isDamaged, "\(variant.name)")
            let probe = try SourceProbe.inspect(path)
            let isFound = probe.findings.contains { $0.sentence.contains("damaged") }
            #expect(isFound == variant.isDamaged, "\(variant.name)")
        }
    }

    @Test(arguments: ["mjpeg", "avi", "mkv"])
    func damagedFramesOfMotionJPEGAreCounted(_ ending: String) throws {
        let stream = try Self.variants().filter { $0.name != "half with an end marker" }
        let whole = try Self.image()
        let bytes = stream.flatMap { $0.bytes + whole }
        let raw = try MediaFixture.write("variants.mjpeg", Data(bytes))
        let path =
            ending == "mjpeg"
            ? raw : try MediaFixture.make("variants.\(ending)", "-f mjpeg -i \(raw) -c copy")
        let reading = try Reading(path)
        let count = stream.count { $0.isDamaged }
        #expect(reading.timestamps.count == 2 * stream.count)
        #expect(reading.report.damagedFrames == count, "\(reading.damaged)")
    }

    @Test func otherFormsOfImagesAreFollowed() throws {
        let forms = [
            ("gray.jpg", "-pix_fmt gray"), ("444.jpg", "-pix_fmt yuvj444p"),
            ("422.jpg", "-pix_fmt yuvj422p"), ("odd.jpg", "-vf scale=317:189"),
            ("optimal.jpg", "-huffman optimal"), ("default.jpg", "-huffman default"),
        ]
        for (name, more) in forms {
            let bytes = try Self.image(name, more)
            #expect(JPEGScan.judge(bytes) == .whole, "\(name)")
            #expect(JPEGScan.judge(Array(bytes.prefix(bytes.count * 2 / 3))) == .damaged)
            #expect(JPEGScan.looksWhole(bytes))
        }
    }

    @Test func progressiveImagesAreJudgedByTheirEnd() throws {
        let whole = try ProgressiveImage.bytes()
        #expect(JPEGScan.judge(whole) == .unknown)
        for share in 1..<10 {
            let part = Array(whole.prefix(whole.count * share / 10))
            #expect(JPEGScan.judge(part) == .damaged, "\(share) tenths")
        }
        let path = try MediaFixture.write("progressive.jpg", Data(whole))
        #expect(try Reading(path).damaged == [false])
        let cut = try MediaFixture.write("cut.jpg", Data(whole.dropLast(300)))
        #expect(throws: VideoError.self) { try Reading(cut) }
    }

    @Test func anyBytesAreJudged() throws {
        let whole = try Self.image()
        var random = SeededGenerator(seed: 11)
        for round in 0..<600 {
            // Headers alone are mostly lengths and tables.
            var bytes = round % 2 == 0 ? whole : Array(whole.prefix(700))
            for _ in 0..<(1 + random.next() % 20) {
                let at = Int(random.next() % UInt64(bytes.count))
                bytes[at] = UInt8(truncatingIfNeeded: random.next())
            }
            bytes = Array(bytes.prefix(Int(random.next() % UInt64(bytes.count + 1))))
            _ = JPEGScan.judge(bytes)
            _ = JPEGScan.looksWhole(bytes)
        }
        for length in UInt8(0)...3 {
            #expect(JPEGScan.judge([0xFF, 0xD8, 0xFF, 0xE0, 0, length, 0, 0]) == .damaged)
        }
        #expect(JPEGScan.judge([]) == .unknown)
    }
}
