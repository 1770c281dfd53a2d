import Foundation
import TestSupport
import Testing

@testable import Video

// Runs many short programs, which may take long on a busy machine.
@Suite(.timeLimit(.minutes(5)))
struct VideoWriterTests {
    private static let frame = WriterFixture.frame
    private static let tone = WriterFixture.tone
    private static let x264 = WriterFixture.x264

    /// File name and `ffmpeg` arguments.
    static let sources: [(String, String)] = [
        ("w25.mp4", "\(frame) \(tone) \(x264) -c:a aac"),
        (
            "w2997.mov",
            "-f lavfi -i testsrc2=size=160x96:rate=30000/1001:duration=2 \(tone) \(x264) -c:a aac"
        ),
        (
            "w2997.mkv",
            "-f lavfi -i testsrc2=size=160x96:rate=30000/1001:duration=2 \(tone) \(x264) -c:a aac"
        ),
        (
            "wvfr.mp4",
            "\(frame) \(tone) -vf setpts=N*N*0.002/TB+N*0.01/TB -fps_mode vfr -video_track_timescale 90000 \(x264) -c:a aac"
        ),
        ("wold.mp4", "\(frame) \(tone) -c:v mpeg4 -c:a libmp3lame"),
        ("wlate.mp4", "\(frame) -itsoffset 0.7 \(tone) \(x264) -c:a aac"),
        ("wts.ts", "\(frame) \(tone) \(x264) -c:a aac"),
        ("wac3.mkv", "\(frame) \(tone) \(x264) -c:a ac3"),
        ("wodd.mp4", "\(frame) -vf setsar=64/45 -video_track_timescale 11988 \(x264)"),
    ]

    @Test(arguments: sources)
    func timestampsAndAudioEqualTheSource(_ kind: (String, String)) throws {
        for ending in ["mp4", "mkv"] { try expectEqual(kind, ending) }
    }

    @Test func timestampsAndAudioEqualTheSourceInMov() throws {
        for kind in [Self.sources[2], Self.sources[5]] { try expectEqual(kind, "mov") }
    }

    private func expectEqual(_ kind: (String, String), _ ending: String) throws {
        let source = try MediaFixture.make(kind.0, kind.1)
        let target = WriterFixture.target("out.\(ending)")
        let report = try WriterFixture.copy([source], to: target)
        let before = try Probe.cached(source)
        let after = try Probe(target)
        #expect(report.isPlain)
        #expect(report.frames == before.frames.count)
        #expect(report.droppedStreams == [] && report.warnings == [])
        #expect(after.frames.count == before.frames.count)
        let half = ending == "mkv" ? 0.000501 : 1e-9
        for (x, y) in zip(before.frames, after.frames) { #expect(abs(x - y) < half) }
        #expect(before.digests("audio").isEmpty == after.digests("audio").isEmpty)
        if kind.0 != "wts.ts" {  // whose packets carry headers that others hold once
            #expect(after.digests("audio") == before.digests("audio"))
        }
        for (x, y) in zip(before.seconds("audio"), after.seconds("audio")) {
            #expect(abs(x - y) < (ending == "mkv" ? 0.001 : 0.0007))
        }
        let ratio = "sample_aspect_ratio"
        #expect(after.video?.entries[ratio] == before.video?.entries[ratio])
    }

    @Test func finishedFileHasItsIndexFirstAndNoLeftovers() throws {
        let source = try MediaFixture.make(Self.sources[0].0, Self.sources[0].1)
        let target = WriterFixture.target("out.mp4")
        let report = try WriterFixture.copy([source], to: target)
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["out.mp4"])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: target))
        #expect(Int64(bytes.count) == report.bytes)
        let index = try #require(bytes.range(of: Data("moov".utf8)))
        let samples = try #require(bytes.range(of: Data("mdat".utf8)))
        #expect(index.lowerBound < samples.lowerBound)
        #expect(bytes.range(of: Data("moof".utf8)) == nil)
    }

    @Test(arguments: ["mp4", "mov", "mkv"])
    func killedWriterLosesLittleAndShiftsNothing(_ ending: String) throws {
        let source = try MediaFixture.make(
            "wlong.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=30000/1001:duration=8 -f lavfi -i sine=440:duration=8 \(Self.x264) -c:a aac"
        )
        let before = try Probe.cached(source)
        let target = WriterFixture.target("out.\(ending)")
        let partial = target.replacingOccurrences(of: "out.", with: "out.partial.")
        var copies: [(Double, String)] = []
        var count = 0
        try WriterFixture.copy([source], to: target, options: WriterOptions()) { time in
            count += 1
            guard count % 47 == 0 else { return }
            // State of the file if the process were killed now.
            let copy = WriterFixture.target("killed.\(ending)")
            if FileManager.default.fileExists(atPath: partial) {
                try FileManager.default.copyItem(atPath: partial, toPath: copy)
                copies.append((time.seconds, copy))
            }
        }
        #expect(copies.count >= 4)
        for (moment, copy) in copies where moment > 2 {
            try expectPrefix(copy, of: before, at: moment)
        }
    }

    private func expectPrefix(_ path: String, of source: Probe, at moment: Double) throws {
        let killed = try Probe(path)
        let last = try #require(killed.frames.last, "nothing readable at \(moment) s")
        #expect(moment - last < 2)
        let half = path.hasSuffix("mkv") ? 0.000501 : 1e-9
        for time in killed.frames {
            #expect(source.frames.contains { abs($0 - time) < half }, "no frame at \(time) s")
        }
        let audio = killed.digests("audio")
        #expect(audio == Array(source.digests("audio").prefix(audio.count)))
        for (x, y) in zip(source.seconds("audio"), killed.seconds("audio")) {
            #expect(abs(x - y) < 0.001)
        }
        #expect(moment - (killed.seconds("audio").last ?? 0) < 2)
    }

    @Test(arguments: ["libx264", "libx265", "mpeg4", "libvpx-vp9", "mjpeg"])
    func everyEncoderKeepsTimestamps(_ encoder: String) throws {
        let source = try MediaFixture.make("wvfr.mp4", Self.sources[3].1)
        let target = WriterFixture.target("out.mp4")
        var options = WriterFixture.quick
        options.encoder = encoder
        try WriterFixture.copy([source], to: target, options: options)
        #expect(try Probe(target).ticks == Probe.cached(source).ticks)
    }

    @Test(arguments: ["veryfast", "ultrafast", "medium"])
    func presetsWithAndWithoutBFramesKeepTimestamps(_ preset: String) throws {
        let source = try MediaFixture.make("w2997.mov", Self.sources[1].1)
        let target = WriterFixture.target("out.mp4")
        var options = WriterOptions()
        options.preset = preset
        options.rate = .bitrate(200_000)
        try WriterFixture.copy([source], to: target, options: options)
        #expect(try Probe(target).ticks == Probe.cached(source).ticks)
    }

    @Test func tenBitsAreKeptOrReducedWithAWarning() throws {
        let source = try MediaFixture.make(
            "wten.mp4",
            "\(Self.frame) -vf format=yuv422p10le,setparams=range=tv:color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc -c:v libx265 -x265-params log-level=none:range=limited:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
        )
        let plain = WriterFixture.target("out.mp4")
        let report = try WriterFixture.copy([source], to: plain)
        #expect(report.warnings.count == 3, "\(report.warnings)")
        #expect(try Probe(plain).video?.entries["pix_fmt"] == "yuv420p")
        var options = WriterFixture.quick
        options.keepsSourcePixelFormat = true
        let kept = WriterFixture.target("out.mp4")
        #expect(try WriterFixture.copy([source], to: kept, options: options).warnings == [])
        let video = try Probe(kept).video?.entries
        #expect(video?["pix_fmt"] == "yuv422p10le")
        #expect(video?["color_range"] == "tv")
        #expect(video?["color_primaries"] == "bt2020")
        #expect(video?["color_transfer"] == "smpte2084")
        #expect(video?["color_space"] == "bt2020nc")
    }

    @Test func chaptersTextTagsAndLanguagesAreKept() throws {
        let texts = try MediaFixture.write(
            "w.srt",
            Data(
                "1\n00:00:00,500 --> 00:00:00,900\nHello\n\n2\n00:00:01,200 --> 00:00:01,700\nThere\n"
                    .utf8))
        let tags = try MediaFixture.write(
            "w.txt",
            Data(
                ";FFMETADATA1\ntitle=Trip\nlocation=+48.1000+011.5000/\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=900\nEND=2000\ntitle=Two\n"
                    .utf8))
        let source = try MediaFixture.make(
            "wrich.mp4",
            "\(Self.frame) \(Self.tone) -i \(texts) -i \(tags) -map 0 -map 1 -map 2 -map_metadata 3 -metadata creation_time=2020-05-05T10:11:12Z -metadata:s:a language=deu \(Self.x264) -c:a aac -c:s mov_text"
        )
        let target = WriterFixture.target("out.mp4")
        let report = try WriterFixture.copy([source], to: target)
        let before = try Probe.cached(source)
        let after = try Probe(target)
        #expect(after.chapters == before.chapters && after.chapters.count == 2)
        #expect(after.digests("subtitle") == before.digests("subtitle"))
        #expect(after.seconds("subtitle") == before.seconds("subtitle"))
        #expect(after.first("audio")?.tags["language"] == "deu")
        for key in ["title", "location", "creation_time"] {
            #expect(after.tags[key] == before.tags[key])
        }
        #expect(report.droppedStreams == [])
        let matroska = try WriterFixture.copy([source], to: WriterFixture.target("out.mkv"))
        #expect(matroska.droppedStreams.map(\.name) == ["subtitle (mov_text)"])
    }

    @Test(arguments: ["mp4", "mov", "mkv"])
    func vendorTagsAreKept(_ ending: String) throws {
        let plain = try MediaFixture.make(Self.sources[0].0, Self.sources[0].1)
        let source = try MediaFixture.make(
            "wmaker.mov",
            "-i \(plain) -c copy -movflags use_metadata_tags -metadata com.apple.quicktime.make=Maker -metadata creation_time=2021-01-01T00:00:00Z -metadata title=Trip"
        )
        let target = WriterFixture.target("out.\(ending)")
        var options = WriterFixture.quick
        options.metadata["title"] = "Another"
        try WriterFixture.copy([source], to: target, options: options)
        let tags = try Probe(target).tags
        #expect(tags["com.apple.quicktime.make"] == "Maker")
        #expect(tags["title"] == "Another")
        #expect(tags["creation_time"]?.hasPrefix("2021-01-01T00:00:00") == true)
    }

    @Test func oddSizesArePaddedByRepeatingTheEdge() throws {
        let source = try MediaFixture.make(
            "wodd9.mkv",
            "-f lavfi -i testsrc2=size=162x98:rate=25:duration=0.4 -vf crop=161:97:0:0:exact=1 -c:v ffv1 -pix_fmt yuv420p"
        )
        let target = WriterFixture.target("out.mp4")
        var options = WriterFixture.quick
        options.rate = .quality(0)
        let report = try WriterFixture.copy([source], to: target, options: options)
        #expect(report.warnings.count == 1)
        let video = try #require(try Probe(target).video)
        #expect(video.numbers["width"] == 162 && video.numbers["height"] == 98)
        #expect(try edges(target, width: 162, height: 98))
    }

    /// True if the last column and row of the first frame repeat their neighbours.
    private func edges(_ path: String, width: Int, height: Int) throws -> Bool {
        let samples = [UInt8](MediaFixture.samples(path, ["-frames:v", "1"]))
        try #require(samples.count == width * height * 3 / 2)
        let columns = (0..<height).allSatisfy {
            samples[$0 * width + width - 1] == samples[$0 * width + width - 2]
        }
        let last = samples[(height - 1) * width..<height * width]
        return columns && Array(last) == Array(samples[(height - 2) * width..<(height - 1) * width])
    }

    @Test func coverArtIsKeptInMP4() throws {
        let cover = try MediaFixture.make("w.jpg", "-f lavfi -i color=red:size=64x64 -frames:v 1")
        let plain = try MediaFixture.make(Self.sources[0].0, Self.sources[0].1)
        let source = try MediaFixture.make(
            "wcover.mp4",
            "-i \(plain) -i \(cover) -map 0 -map 1 -c copy -disposition:v:1 attached_pic")
        let target = WriterFixture.target("out.mp4")
        try WriterFixture.copy([source], to: target)
        let probe = try Probe(target)
        #expect(probe.streams.contains { $0.disposition["attached_pic"] == 1 })
        let report = try WriterFixture.copy([source], to: WriterFixture.target("out.mkv"))
        #expect(report.droppedStreams.count == 1)
    }

    @Test func timeOriginShiftsAllStreams() throws {
        let source = try MediaFixture.make("wlate.mp4", Self.sources[5].1)
        var options = WriterFixture.quick
        options.timeOrigin = .seconds(-1)
        let target = WriterFixture.target("out.mp4")
        try WriterFixture.copy([source], to: target, options: options)
        let before = try Probe.cached(source)
        let after = try Probe(target)
        #expect(after.frames.count == before.frames.count)
        for (x, y) in zip(before.frames, after.frames) { #expect(abs(x + 1 - y) < 1e-9) }
        for (x, y) in zip(before.seconds("audio"), after.seconds("audio")) {
            #expect(abs(x + 1 - y) < 0.0001)
        }
    }

    @Test func realRecordingsKeepTimestampsAndAudio() throws {
        guard let clips = Shared.file("clips") else { return }
        let names = [
            "night-portrait-544x960-30fps-mpeg4-mp3.mp4", "traffic-854x480-29.97fps-aac.mp4",
        ]
        for name in names {
            let source = clips.appendingPathComponent(name).path
            var reading = WriterFixture.everything
            reading.duration = 3
            let target = WriterFixture.target("out.mp4")
            let report = try WriterFixture.copy(
                [source], to: target, options: WriterOptions(), reading: reading)
            let before = MediaFixture.timestamps(source).prefix(report.frames)
            let after = try Probe(target)
            #expect(after.ticks == Array(before), "\(name)")
            let audio = after.digests("audio")
            #expect(audio.count > 50)
            #expect(audio == Array(try Probe.cached(source).digests("audio").prefix(audio.count)))
        }
    }
}
