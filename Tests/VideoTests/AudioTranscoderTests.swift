import Foundation
import TestSupport
import Testing

@testable import Video

// Runs many short programs, which may take long on a busy machine.
@Suite(.timeLimit(.minutes(5)))
struct AudioTranscoderTests {
    /// A click every half second makes the timing of the audio measurable.
    private static let clicks =
        #"-f lavfi -i aevalsrc=0.8*sin(2*PI*1000*t)*lt(mod(t\,0.5)\,0.02):duration=2:s=48000"#

    /// Times at which a file's audio becomes loud, in seconds of the recording.
    private func onsets(_ path: String) throws -> [Double] {
        let rate = 48000
        let output = Program.run(
            "ffmpeg",
            [
                "-v", "quiet", "-copyts", "-i", path, "-map", "0:a", "-af",
                "aresample=\(rate):async=1:first_pts=0", "-ac", "1", "-f", "f32le", "-",
            ])
        let samples = unsafe output.text.withUnsafeBytes { bytes in
            unsafe Array(bytes.bindMemory(to: Float.self))
        }
        var found: [Double] = []
        var at = 0
        while at < samples.count {
            if abs(samples[at]) > 0.2 {
                found.append(Double(at) / Double(rate))
                at += rate / 4
            } else {
                at += 1
            }
        }
        return found
    }

    @Test(arguments: [
        ("pcm.mov", "-c:a pcm_s16le", 0.0), ("mulaw.mkv", "-ar 8000 -c:a pcm_mulaw", 0.0),
        ("alaw.mkv", "-ar 8000 -c:a pcm_alaw", 0.7), ("float.mkv", "-ac 2 -c:a pcm_f32le", 0.7),
    ])
    func clicksKeepTheirTime(_ kind: (String, String, Double)) throws {
        let source = try MediaFixture.make(
            "t\(kind.0)",
            "\(WriterFixture.frame) -itsoffset \(kind.2) \(Self.clicks) \(WriterFixture.x264) \(kind.1)"
        )
        let target = WriterFixture.target("out.mp4")
        let report = try WriterFixture.copy([source], to: target)
        #expect(report.warnings.count == 1 && report.droppedStreams == [])
        #expect(try Probe(target).first("audio")?.codec == "aac")
        let before = try onsets(source)
        let after = try onsets(target)
        #expect(before.count == 4 && after.count == 4)
        for (x, y) in zip(before, after) { #expect(abs(x - y) < 0.002, "\(x) became \(y)") }
    }

    @Test func audioOptionsAreApplied() throws {
        let source = try MediaFixture.make(
            "tpolicy.mkv",
            "\(WriterFixture.frame) \(WriterFixture.tone) \(WriterFixture.x264) -ar 8000 -c:a pcm_mulaw"
        )
        var options = WriterFixture.quick
        options.audio = [.copy]
        let copied = try WriterFixture.copy(
            [source], to: WriterFixture.target("out.mp4"), options: options)
        #expect(copied.droppedStreams.map(\.name) == ["audio (pcm_mulaw)"])
        options.audio = []
        let none = try WriterFixture.copy(
            [source], to: WriterFixture.target("out.mkv"), options: options)
        #expect(none.droppedStreams.map(\.reason) == ["audio was turned off"])
        options.audio = [.reencode]
        let target = WriterFixture.target("out.mkv")
        let encoded = try WriterFixture.copy([source], to: target, options: options)
        #expect(encoded.warnings == [] && encoded.droppedStreams == [])
        #expect(try Probe(target).first("audio")?.codec == "aac")
        let kept = WriterFixture.target("out.mkv")
        #expect(try WriterFixture.copy([source], to: kept).warnings == [])
        #expect(try Probe(kept).digests("audio") == Probe(source).digests("audio"))
    }

    @Test(arguments: ["adpcm_ima_wav", "adpcm_ms", "wmav2"])
    func audioUnreadableInMovIsReencoded(_ codec: String) throws {
        let source = try MediaFixture.make(
            "t\(codec).avi",
            "\(WriterFixture.frame) \(WriterFixture.tone) \(WriterFixture.x264) -c:a \(codec)")
        let target = WriterFixture.target("out.mov")
        let report = try WriterFixture.copy([source], to: target)
        #expect(report.warnings.count == 1 && report.droppedStreams == [])
        #expect(try Probe(target).first("audio")?.codec == "aac")
    }

    @Test func joinedAudioOfAnotherCodecContinues() throws {
        let first = try MediaFixture.make(
            "tj1.mkv",
            "\(WriterFixture.frame) \(WriterFixture.tone) \(WriterFixture.x264) -ar 8000 -c:a pcm_mulaw"
        )
        let second = try MediaFixture.make(
            "tj2.mov",
            "\(WriterFixture.frame) \(WriterFixture.tone) \(WriterFixture.x264) -c:a pcm_s16le")
        let target = WriterFixture.target("out.mp4")
        try WriterFixture.copy([first, second], to: target)
        let audio = try Probe(target).seconds("audio")
        #expect(zip(audio, audio.dropFirst()).allSatisfy { abs($1 - $0 - 1024.0 / 8000) < 1e-9 })
        #expect(abs((audio.last ?? 0) - 3.9) < 0.15)
    }
}
