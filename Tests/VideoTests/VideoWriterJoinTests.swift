import Testing

@testable import Video

/// Several sources as one output; like ``VideoWriterTests``, it runs many short programs.
@Suite(.timeLimit(.minutes(5)))
struct VideoWriterJoinTests {
    @Test func joinedSourcesFollowWithoutAGap() throws {
        let source = try MediaFixture.make("w2997.mov", VideoWriterTests.sources[1].1)
        let target = WriterFixture.target("out.mp4")
        let report = try WriterFixture.copy([source, source, source], to: target)
        let ticks = try Probe(target).ticks
        #expect(ticks == (0..<180).map { Int64($0) * 1001 })
        #expect(report.frames == 180 && report.notices == [])
        let sound = try Probe(target).seconds("audio")
        #expect(zip(sound, sound.dropFirst()).allSatisfy { $0 < $1 && $1 - $0 < 0.04 })
    }

    /// FFmpeg takes a tick for the length of such pictures, so the next file must not begin a tick later.
    @Test func theLastPictureOfAFileIsShownAsLongAsTheOthers() throws {
        let source = try MediaFixture.make(
            "fticks.mp4",
            "\(WriterFixture.picture) -video_track_timescale 600 \(WriterFixture.x264)")
        let target = WriterFixture.target("out.mp4")
        try WriterFixture.copy([source, source], to: target)
        #expect(try Probe(target).ticks == (0..<100).map { Int64($0) * 24 })
    }

    @Test func joinedSourcesWithOtherSoundAreNamed() throws {
        let aac = try MediaFixture.make(
            VideoWriterTests.sources[0].0, VideoWriterTests.sources[0].1)
        let mp3 = try MediaFixture.make("wold.mp4", VideoWriterTests.sources[4].1)
        let report = try WriterFixture.copy([aac, mp3], to: WriterFixture.target("out.mp4"))
        #expect(report.frames == 100)
        #expect(report.notices.count == 1)
    }
}
