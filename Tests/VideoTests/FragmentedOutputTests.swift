import Foundation
import TestSupport
import Testing

@testable import Video

// Runs many short programs, which may take long on a busy machine.
@Suite(.timeLimit(.minutes(5)))
struct FragmentedOutputTests {
    /// Duration of a stream in seconds, as stated by the container.
    private func duration(_ kind: String, _ probe: Probe) -> Double {
        probe.first(kind)?.entries["duration"].flatMap(Double.init) ?? 0
    }

    /// B-frames, whose decode timestamps are closer than their durations.
    @Test(arguments: ["mp4", "mov", "mkv"])
    func durationsLongerThanTheIntervalShiftNoFrame(_ ending: String) throws {
        let source = try MediaFixture.make(
            "funeven.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=30:duration=4 -enc_time_base 1/30000 "
                + #"-vf settb=1/30000,setpts=N*1000-mod(N\,7)*3+700*gte(mod(N\,40)\,20) "#
                + "-fps_mode passthrough -video_track_timescale 30000 -bf 0 \(WriterFixture.x264)")
        let target = WriterFixture.target("out.\(ending)")
        let report = try WriterFixture.copy([source], to: target, options: WriterOptions())
        #expect(report.warnings == [])
        let before = try Probe.cached(source)
        let after = try Probe(target)
        #expect(before.frames.count == 120 && after.frames.count == 120)
        let half = ending == "mkv" ? 0.000501 : 1e-9
        #expect(zip(before.frames, after.frames).allSatisfy { abs($0 - $1) < half })
    }

    @Test(arguments: [
        ("fopus.mkv", "-c:a libopus"), ("fvorbis.mkv", "-c:a libvorbis"),
        ("falac.mov", "-c:a alac"), ("fmp3.mp4", "-c:a libmp3lame"), ("faac.mp4", "-c:a aac"),
    ])
    func lastPacketsKeepTheirDuration(_ kind: (String, String)) throws {
        let source = try MediaFixture.make(
            kind.0, "\(WriterFixture.frame) \(WriterFixture.tone) \(WriterFixture.x264) \(kind.1)"
        )
        let before = try Probe.cached(source)
        for ending in ["mp4", "mkv"] {
            let target = WriterFixture.target("out.\(ending)")
            try WriterFixture.copy([source], to: target, options: WriterOptions())
            let after = try Probe(target)
            #expect(after.digests("audio") == before.digests("audio"), "\(ending)")
            let sounds = zip(before.seconds("audio"), after.seconds("audio"))
            #expect(sounds.allSatisfy { abs($0 - $1) < 0.0011 }, "\(ending)")
            #expect(abs((after.duration ?? 0) - (before.duration ?? 9)) < 0.02, "\(ending)")
            guard ending == "mp4" else { continue }
            #expect(abs(duration("video", after) - 2) < 1e-6)
            #expect(abs(duration("audio", after) - 2) < 0.03)
        }
    }

    /// At 600 ticks per second FFmpeg takes one tick for a frame's duration.
    @Test func lastFrameKeepsItsDuration() throws {
        let source = try MediaFixture.make(
            "fticks.mp4",
            "\(WriterFixture.frame) -video_track_timescale 600 \(WriterFixture.x264)")
        let target = WriterFixture.target("out.mp4")
        try WriterFixture.copy([source], to: target, options: WriterOptions())
        #expect(abs(duration("video", try Probe(target)) - 2) < 1e-6)
    }
}
