import Foundation
import TestSupport
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct VideoReaderDamageTests {
    static func plain() throws -> String {
        try MediaFixture.make(
            "long.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=25:duration=4 -c:v libx264 -g 25 -pix_fmt yuv420p"
        )
    }

    static func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// Error thrown when opening or reading a source.
    func refusal(_ path: String) throws -> VideoError {
        do {
            _ = try Reading(path)
        } catch let error as VideoError {
            #expect(error.message.contains(path), "the message names the source")
            return error
        }
        Issue.record("\(path) was read")
        return VideoError(.other, "")
    }

    @Test
    func everyFaultHasItsKind() throws {
        let folder = MediaFixture.folder.path
        #expect(try refusal(folder + "/none.mp4").kind == .notFound)
        #expect(try refusal(folder).kind == .unsupported)
        let empty = try MediaFixture.write("empty.mp4", Data())
        #expect(try refusal(empty).kind == .unknownFormat)
        let words = Data(String(repeating: "Not a video at all.\n", count: 99).utf8)
        for name in ["words.mp4", "words.txt", "words"] {
            #expect(try refusal(MediaFixture.write(name, words)).kind == .unknownFormat)
        }
        let audio = try MediaFixture.make("sound.m4a", "-f lavfi -i sine=duration=1 -c:a aac")
        #expect(try refusal(audio).kind == .noVideo)
    }

    @Test
    func audioWithCoverArtIsNoVideo() throws {
        let cover = try MediaFixture.make(
            "cover.m4a",
            "-f lavfi -i sine=duration=1 -f lavfi -i testsrc2=size=64x64:duration=0.04 -map 0 -map 1 "
                + "-c:a aac -c:v mjpeg -pix_fmt yuvj420p -disposition:v attached_pic")
        #expect(try refusal(cover).kind == .noVideo)
    }

    @Test
    func recordingWithoutIndexIsUnfinished() throws {
        let whole = try Self.bytes(Self.plain())
        let index = try #require(whole.range(of: Data("moov".utf8)))
        let cut = try MediaFixture.write("unfinished.mp4", whole[..<(index.lowerBound - 4)])
        let error = try refusal(cut)
        #expect(error.kind == .unfinishedRecording)
        #expect(error.message.contains("untrunc"))
    }

    @Test(arguments: [
        ("mkv", 60), ("mkv", 400), ("webm", 60), ("ts", 400), ("mp4", 60), ("mp4", 200),
        ("mp4", 500),
    ])
    func fileThatEndsWithinItsHeaderIsIncomplete(_ container: String, bytes: Int) throws {
        let codec = container == "webm" ? "libvpx -deadline realtime" : "copy -movflags +faststart"
        let whole = try Self.bytes(
            MediaFixture.make(
                "head.\(container)", "-i \(Self.plain()) -frames:v 9 -c:v \(codec)"))
        let cut = try MediaFixture.write("head-\(bytes).\(container)", whole.prefix(bytes))
        let error = try refusal(cut)
        #expect(error.kind == .damaged)
        #expect(error.message.contains("copied completely"))
    }

    @Test
    func unknownCodecIsNamedByItsFourLetters() throws {
        let path = try MediaFixture.make(
            "letters.avi", "-i \(Self.plain()) -c:v mpeg4 -vtag XVID -frames:v 5")
        var bytes = try Self.bytes(path)
        for letters in ["XVID", "FMP4"] {
            while let range = bytes.range(of: Data(letters.utf8)) {
                bytes.replaceSubrange(range, with: Data("QQQQ".utf8))
            }
        }
        let error = try refusal(MediaFixture.write("unknown.avi", bytes))
        #expect(error.kind == .missingCodec)
        #expect(error.message.contains("QQQQ"))
    }

    @Test
    func truncatedRecordingYieldsEverythingBeforeTheCut() throws {
        let fast = try MediaFixture.make(
            "fast.mp4", "-i \(Self.plain()) -c copy -movflags +faststart")
        let whole = try Self.bytes(fast)
        let cut = try MediaFixture.write("cut.mp4", whole.prefix(whole.count * 6 / 10))
        let reading = try Reading(cut)
        #expect((40...75).contains(reading.timestamps.count))
        #expect(
            reading.timestamps
                == Array(MediaFixture.timestamps(fast).prefix(reading.timestamps.count)))
        #expect(reading.report.isTruncated)
        #expect(!reading.report.warnings.isEmpty)
    }

    @Test(arguments: ["ts", "mkv", "avi"])
    func otherContainersYieldEverythingBeforeTheCut(_ container: String) throws {
        let path = try MediaFixture.make("long.\(container)", "-i \(Self.plain()) -c:v copy")
        let whole = try Self.bytes(path)
        let cut = try MediaFixture.write("cut.\(container)", whole.prefix(whole.count * 6 / 10))
        let reading = try Reading(cut)
        #expect((40...75).contains(reading.timestamps.count))
        // A transport stream does not state its duration.
        #expect(reading.report.isTruncated || container == "ts")
    }

    @Test
    func noiseIsCountedAndFlagged() throws {
        let path = try MediaFixture.make(
            "noise.mp4", "-i \(Self.plain()) -c copy -bsf:v noise=amount=20000")
        let reading = try Reading(path)
        #expect(reading.timestamps.count > 50)
        #expect(reading.damaged.contains(true))
        #expect(reading.report.damagedFrames == reading.damaged.filter { $0 }.count)
        #expect(!reading.report.warnings.isEmpty)
        #expect(zip(reading.timestamps, reading.timestamps.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test
    func damagedRecordingsDecodeRepeatably() async throws {
        let path = try MediaFixture.make(
            "noise.mp4", "-i \(Self.plain()) -c copy -bsf:v noise=amount=20000")
        let first = try Reading(path, keepSamples: true)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let again = try Reading(path, keepSamples: true)
                    return equal(again.samples, first.samples) && again.damaged == first.damaged
                }
            }
            for try await isSame in group { #expect(isSame) }
        }
    }

    @Test
    func threadCountDoesNotChangeIntactFrames() throws {
        let path = try Self.plain()
        var options = ReaderOptions()
        options.threads = 4
        let many = try Reading(path, options: options, keepSamples: true)
        let one = try Reading(path, keepSamples: true)
        #expect(equal(many.samples, one.samples))
        #expect(many.timestamps == one.timestamps)
    }

    @Test
    func framesBeforeTheFirstKeyFrameAreDelivered() throws {
        let stream = try MediaFixture.make(
            "middle.ts",
            "-i \(Self.plain()) -c copy -bsf:v noise=amount=0:drop=not(n)")
        let reading = try Reading(stream)
        let healthy = reading.damaged.firstIndex(of: false) ?? 0
        #expect(healthy > 0)
        #expect(reading.damaged.suffix(from: healthy).allSatisfy { !$0 })
    }

    @Test
    func garbageNeverCrashesNorHangs() throws {
        let whole = try Self.bytes(Self.plain())
        var random = SeededGenerator(seed: 7)
        for round in 0..<60 {
            var bytes = whole
            if round % 3 == 0 {
                bytes = bytes.prefix(Int(random.next() % UInt64(bytes.count)))
            }
            for _ in 0..<(round * 8) where !bytes.isEmpty {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            let path = try MediaFixture.write("fuzz.mp4", bytes)
            do {
                let reading = try Reading(path)
                #expect(
                    zip(reading.timestamps, reading.timestamps.dropFirst()).allSatisfy { $0 < $1 })
            } catch let error as VideoError {
                #expect(error.message.count > 20)
            }
        }
    }

    @Test
    func randomBytesAreRefused() throws {
        var random = SeededGenerator(seed: 3)
        for round in 0..<20 {
            let bytes = Data(
                (0..<(64 << (round % 8))).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                })
            let path = try MediaFixture.write("random.bin", bytes)
            #expect(throws: VideoError.self) { _ = try Reading(path) }
        }
    }

    @Test
    func stopThrowsStopped() throws {
        let path = try Self.plain()
        #expect(throws: VideoError.self) { _ = try VideoReader(path, stop: { true }) }
        do {
            _ = try VideoReader(path, stop: { true })
        } catch {
            #expect(error.kind == .stopped)
        }
    }
}
