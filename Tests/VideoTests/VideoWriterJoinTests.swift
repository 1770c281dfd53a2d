import Testing

@testable import Video

/// Several sources joined in one output; runs many short programs like ``VideoWriterTests``.
@Suite(.timeLimit(.minutes(5)))
struct VideoWriterJoinTests {
    @Test func joinedSourcesFollowWithoutAGap() throws {
        let source = try MediaFixture.make("w2997.mov", VideoWriterTests.sources[1].1)
        let target = WriterFixture.target("out.mp4")
        let report = try WriterFixture.copy([source, source, source], to: target)
        let ticks = try Probe(target).ticks
        #expect(ticks == (0..<180).map { Int64($0) * 1001 })
        #expect(report.frames == 180 && report.warnings == [])
        let audio = try Probe(target).seconds("audio")
        #expect(zip(audio, audio.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 < 0.04 })
    }

    /// FFmpeg takes a tick for the duration of such frames, so the next file must not begin a tick
    /// later.
    @Test func lastFrameOfAJoinedFileKeepsItsDuration() throws {
        let source = try MediaFixture.make(
            "fticks.mp4",
            "\(WriterFixture.frame) -video_track_timescale 600 \(WriterFixture.x264)")
        let target = WriterFixture.target("out.mp4")
        try WriterFixture.copy([source, source], to: target)
        #expect(try Probe(target).ticks == (0..<100).map { Int64($0) * 24 })
    }

    @Test func joinedFramesOfAnotherRateKeepTheirIntervals() throws {
        let slow = try MediaFixture.make(
            "f25.mp4", "\(WriterFixture.frame) \(WriterFixture.x264) -video_track_timescale 25")
        let fast = try MediaFixture.make("w2997.mov", VideoWriterTests.sources[1].1)
        var options = WriterOptions()
        options.isJoined = true
        for ending in ["mp4", "mkv"] {
            let target = WriterFixture.target("out.\(ending)")
            let report = try WriterFixture.copy([slow, fast], to: target, options: options)
            #expect(!report.warnings.contains { $0.contains("moved by a tick") })
            let frames = try Probe(target).frames
            let half = ending == "mkv" ? 0.000501 : 1e-9
            let wanted =
                (0..<50).map { Double($0) / 25 } + (0..<60).map { 2 + Double($0) * 1001 / 30000 }
            #expect(frames.count == 110)
            #expect(zip(frames, wanted).allSatisfy { abs($0 - $1) < half })
        }
    }

    @Test func joinedSourcesWithOtherAudioAreReported() throws {
        let aac = try MediaFixture.make(
            VideoWriterTests.sources[0].0, VideoWriterTests.sources[0].1)
        let mp3 = try MediaFixture.make("wold.mp4", VideoWriterTests.sources[4].1)
        let report = try WriterFixture.copy([aac, mp3], to: WriterFixture.target("out.mp4"))
        #expect(report.frames == 100)
        #expect(report.warnings.count == 1)
    }
}
