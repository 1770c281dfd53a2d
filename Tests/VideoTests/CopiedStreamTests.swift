import Foundation
import TestSupport
import Testing

@testable import Video

/// Time codes, and data tracks of cameras and recorders.
@Suite(.timeLimit(.minutes(1)))
struct CopiedStreamTests {
    private static func withTimeCode(_ name: String, _ code: String, rate: String = "25") throws
        -> String
    {
        try MediaFixture.make(
            name,
            "-f lavfi -i testsrc2=size=160x96:rate=\(rate):duration=2 \(WriterFixture.tone) "
                + "\(WriterFixture.x264) -c:a aac -timecode \(code)")
    }

    private func timeCode(_ path: String) throws -> (code: String?, tracks: Int) {
        let copy = try Probe(path)
        let entries = copy.streams.map { $0.entries["codec_tag_string"] ?? "" }
        return (copy.video?.tags["timecode"], entries.count { $0 == "tmcd" })
    }

    @Test(arguments: ["mov", "mp4", "mkv"], ["mov", "mp4"])
    func timeCodeIsKept(_ ending: String, source: String) throws {
        let source = try Self.withTimeCode("code.\(source)", "01:00:00:00")
        let target = WriterFixture.target("code.\(ending)")
        let report = try WriterFixture.copy([source], to: target)
        let copy = try Probe(target)
        #expect(copy.frames.count == 50 && copy.digests("audio").count > 80)
        #expect(try timeCode(target) == ("01:00:00:00", ending == "mkv" ? 0 : 1))
        #expect(report.droppedStreams == [] && report.warnings == [] && report.isPlain)
    }

    @Test func growingFileWithATimeCodeIsReadable() throws {
        let source = try Self.withTimeCode("code.mov", "01:00:00:00")
        let target = WriterFixture.target("growing.mov")
        var options = WriterFixture.quick
        options.staysFragmented = true
        try WriterFixture.copy([source], to: target, options: options)
        #expect(try Probe(target).frames.count == 50)
    }

    @Test func timeCodeCountsFromTheFirstFrameOfAPart() throws {
        let source = try Self.withTimeCode("drop.mov", "01:00:00;00", rate: "30000/1001")
        let target = WriterFixture.target("part.mov")
        var reading = WriterFixture.everything
        reading.start = 1.001
        var options = WriterFixture.quick
        options.timeOrigin = .seconds(1.001)
        try WriterFixture.copy([source], to: target, options: options, reading: reading)
        #expect(try timeCode(target).code == "01:00:01;00")
    }

    @Test func timeCodeThatDoesNotFitTheRateIsLeftOutWithANote() throws {
        let path = try Self.withTimeCode("film.mkv", "01:00:00:00")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        while let range = bytes.range(of: Data("01:00:00:00".utf8)) {
            bytes.replaceSubrange(range, with: Data("01:00:00;00".utf8))
        }
        let target = WriterFixture.target("film.mov")
        let report = try WriterFixture.copy([MediaFixture.write("odd.mkv", bytes)], to: target)
        #expect(try Probe(target).frames.count == 50)
        #expect(report.warnings.contains { $0.contains("time code") })
    }

    /// Recording with a text track whose four letters say that it is telemetry.
    private static func telemetry(_ times: [(Double, Double)], ending: String) throws -> String {
        let clock = { (seconds: Double) in
            "00:00:0\(Int(seconds)),\(String(format: "%03d", Int(seconds * 1000) % 1000))"
        }
        let lines = times.enumerated().map { index, time in
            "\(index + 1)\n\(clock(time.0)) --> \(clock(time.1))\nvalue \(index)\n\n"
        }
        let name = "telemetry-\(times.count).\(ending)"
        let text = try MediaFixture.write("\(name).srt", Data(lines.joined().utf8))
        let path = try MediaFixture.make(
            "text-\(name)",
            "-f lavfi -i testsrc2=size=160x96:rate=25:duration=8 -i \(text) -map 0 -map 1 "
                + "\(WriterFixture.x264) -c:s mov_text")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for (old, new) in [("tx3g", "gpmd"), ("sbtl", "meta"), ("text", "meta")] {
            while let range = bytes.range(of: Data(old.utf8)) {
                bytes.replaceSubrange(range, with: Data(new.utf8))
            }
        }
        return try MediaFixture.write(name, bytes)
    }

    @Test(
        arguments: [
            (0..<8).map { (Double($0), Double($0) + 1) }, [(0, 0.5), (7, 7.5)], [(3, 8)],
        ], ["mp4", "mov"])
    func everyDataPacketIsCopied(_ times: [(Double, Double)], ending: String) throws {
        let source = try Self.telemetry(times, ending: ending)
        let target = WriterFixture.target("data.\(ending)")
        let report = try WriterFixture.copy([source], to: target)
        let (given, copy) = (try Probe(source), try Probe(target))
        #expect(copy.digests("data") == given.digests("data"))
        #expect(copy.digests("data").count >= times.count)
        #expect(copy.seconds("data") == given.seconds("data"))
        #expect(report.isPlain && report.warnings == [])
    }

    @Test func unfinishedFragmentIsAnError() throws {
        #expect(BoxSpan.areWhole([0, 0, 0, 9, 1, 2, 3, 4, 5, 0, 0, 0, 8, 1, 2, 3, 4]))
        #expect(!BoxSpan.areWhole([0, 0, 0, 9, 1, 2, 3, 4, 5, 0, 0, 0, 0, 1, 2, 3, 4]))
        #expect(!BoxSpan.areWhole([0, 0, 0, 9, 1, 2, 3, 4]))
    }

    @Test func fileThatCannotBeReadAgainIsAnError() throws {
        let source = try VideoReader(VideoReaderDamageTests.plain()).description
        let streams = source.streams.map {
            MuxStream(parameters: $0.parameters, timeBase: $0.timeBase)
        }
        let plan = MuxerConfiguration(
            container: .mp4, streams: streams, metadata: [:], chapters: [])
        let file = try LockedFile(source.name, mode: nil)
        try WrittenFile.check(file, plan)
        var more = plan
        more.streams += streams
        #expect(throws: VideoError.self) { try WrittenFile.check(file, more) }
        let empty = try LockedFile(
            MediaFixture.write("no-stream.mp4", Data(count: 185)), mode: nil)
        #expect(throws: VideoError.self) { try WrittenFile.check(empty, plan) }
    }
}
