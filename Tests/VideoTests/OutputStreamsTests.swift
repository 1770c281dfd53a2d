import Foundation
import TestSupport
import Testing

@testable import Video

/// Order, tags and channels of the output's streams.
@Suite(.timeLimit(.minutes(1)))
struct OutputStreamsTests {
    @Test(arguments: ["mp4", "mov"])
    func hevcHasTheTagOfApplesPlayers(_ ending: String) throws {
        let source = try MediaFixture.make(
            "plain25.mp4", "\(WriterFixture.frame) \(WriterFixture.x264)")
        var options = WriterFixture.quick
        options.encoder = "libx265"
        for fragmented in [false, true] {
            options.staysFragmented = fragmented
            let target = WriterFixture.target("hevc.\(ending)")
            try WriterFixture.copy([source], to: target, options: options)
            let copy = try Probe(target)
            #expect(copy.video?.entries["codec_tag_string"] == "hvc1")
            #expect(copy.frames.count == 50)
        }
    }

    private static func sound(_ layout: String, _ codec: String, _ ending: String) throws -> String
    {
        let count = ["7.1": 8, "5.1": 6, "22.2": 24][layout] ?? 2
        let pan = (0..<count).map { "c\($0)=c0" }.joined(separator: "|")
        return try MediaFixture.make(
            "channels-\(layout).\(ending)",
            "\(WriterFixture.frame) \(WriterFixture.tone) -af pan=\(layout)|\(pan) "
                + "\(WriterFixture.x264) \(codec)")
    }

    @Test(arguments: [
        ("7.1", "-c:a pcm_s16le", "mov", "mp4"), ("5.1", "-c:a pcm_s16le", "mov", "mp4"),
        ("7.1", "-c:a libopus -mapping_family 1", "mkv", "mov"),
    ])
    func surroundSoundKeepsItsChannels(_ kind: (String, String, String, String)) throws {
        let source = try Self.sound(kind.0, kind.1, kind.2)
        let target = WriterFixture.target("channels.\(kind.3)")
        let report = try WriterFixture.copy([source], to: target)
        let audio = try #require(Probe(target).first("audio"))
        #expect(audio.codec == "aac")
        #expect(audio.entries["channel_layout"]?.hasPrefix(kind.0) == true)
        #expect(!report.warnings.contains { $0.contains("mixed") })
    }

    @Test func soundMixedToFewerChannelsIsReported() throws {
        let source = try Self.sound("22.2", "-c:a pcm_s16le", "mov")
        let target = WriterFixture.target("channels.mp4")
        let report = try WriterFixture.copy([source], to: target)
        #expect(try Probe(target).first("audio")?.codec == "aac")
        let notes = report.warnings.filter { $0.contains("mixed") }
        #expect(notes.count == 1, "\(report.warnings)")
        #expect(notes.first?.contains("from 24 channels to 7.1") == true)
    }

    private static func twoViews() throws -> String {
        try MediaFixture.make(
            "two-views.mkv",
            "\(WriterFixture.tone) \(WriterFixture.frame) "
                + "-f lavfi -i testsrc2=size=96x64:rate=25:duration=2 -map 0:a -map 1:v -map 2:v "
                + "\(WriterFixture.x264) -c:a aac")
    }

    @Test func watchedVideoStreamIsSaidAndComesFirst() throws {
        let source = try Self.twoViews()
        for number in 1...2 {
            var reading = WriterFixture.everything
            reading.videoStream = number
            let target = WriterFixture.target("view.mp4")
            try WriterFixture.copy([source], to: target, reading: reading)
            let copy = try Probe(target)
            #expect(copy.streams.map(\.kind).first == "video")
            #expect(copy.streams.filter { $0.kind == "video" }.count == 2)
            #expect(copy.video?.numbers["width"] == (number == 1 ? 160 : 96))
            #expect(
                copy.streams.filter { $0.disposition["default"] == 1 && $0.kind == "video" }.map(
                    \.index) == [0])
        }
        let notes = try Reading(source).report.warnings
        #expect(notes.contains { $0.contains("2 video streams") && $0.contains("--video-stream") })
        #expect(try VideoReader.videoStreamCount(source) == 2)
        var options = ReaderOptions()
        options.videoStream = 3
        #expect(throws: VideoError.self) { _ = try VideoReader(source, options: options) }
    }

    @Test(arguments: [("arib-std-b67", "HLG"), ("smpte2084", "PQ")])
    func highDynamicRangeWithEightBitsIsNoted(_ kind: (String, String)) throws {
        let source = try MediaFixture.make(
            "hdr-\(kind.1).mp4",
            "\(WriterFixture.frame) -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params "
                + "log-level=none:colorprim=bt2020:transfer=\(kind.0):colormatrix=bt2020nc")
        let report = try WriterFixture.copy([source], to: WriterFixture.target("hdr.mp4"))
        #expect(
            report.warnings.contains { $0.contains(kind.1) && $0.contains("--pixel-format source") }
        )
        var options = WriterFixture.quick
        options.keepsSourcePixelFormat = true
        let kept = try WriterFixture.copy(
            [source], to: WriterFixture.target("hdr.mp4"), options: options)
        #expect(!kept.warnings.contains { $0.contains(kind.1) })
    }
}
