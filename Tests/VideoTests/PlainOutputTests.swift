import Testing

@testable import Video

/// Plain file of a finished recording; ``VideoWriterTests`` compares the rest with its sources.
@Suite(.timeLimit(.minutes(1)))
struct PlainOutputTests {
    @Test func negativeAudioTimestampsAreRoundedInMatroska() throws {
        let source = try MediaFixture.make(
            "wearly.mp4",
            "\(WriterFixture.frame) -f lavfi -i sine=440:sample_rate=48000:duration=2 "
                + "\(WriterFixture.x264) -c:a aac -bsf:a setts=ts=TS-236")
        let seconds = Array(try Probe.cached(source).seconds("audio").prefix(4))
        #expect(seconds.first ?? 0 < -0.026)
        let target = WriterFixture.target("out.mkv")
        try WriterFixture.copy([source], to: target)
        let timestamps = try MatroskaTimestamps.first(4, ofTrack: 2, in: target)
        #expect(timestamps == seconds.map { Int(($0 * 1000).rounded()) })
    }
}
