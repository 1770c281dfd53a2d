import Foundation
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct SourceProbeTests {
    func sentences(_ name: String, _ arguments: String) throws -> String {
        let probe = try SourceProbe.inspect(MediaFixture.make(name, arguments))
        return probe.findings.map(\.sentence).joined(separator: "\n")
    }

    @Test
    func intactFileHasNoFindings() throws {
        let path = try MediaFixture.make(
            "healthy.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=30000/1001:duration=2 -c:v libx264 -pix_fmt yuv420p "
                + "-profile:v high -colorspace bt709 -color_range tv")
        let probe = try SourceProbe.inspect(path)
        #expect(probe.findings == [])
        #expect(probe.profile == "High")
        #expect(probe.color.contains("bt709"))
        #expect(abs(probe.timing.rate - 30000.0 / 1001) < 1e-6)
        #expect(!probe.timing.isVariable)
        #expect(probe.isComplete)
    }

    @Test
    func invisibleJitterIsNoVariableRate() throws {
        let path = try MediaFixture.make(
            "jitter.mkv",
            "-f lavfi -i testsrc2=size=160x96:rate=30:duration=2 "
                + "-vf settb=1/90000,setpts=N*3000+mod(N\\,2)*60 -fps_mode passthrough "
                + "-enc_time_base 1/90000 -f mov -c:v libx264 -bf 0 -pix_fmt yuv420p")
        let timing = try SourceProbe.inspect(path).timing
        #expect(timing.longestStep - timing.shortestStep > 0.001)
        #expect(!timing.isVariable)
    }

    @Test
    func unusualPropertiesAreReported() throws {
        let frame = VideoReaderTests.frame
        let variable = try sentences(
            "vfr.mkv",
            "\(frame) -vf setpts=N*N*0.002/TB -fps_mode vfr -c:v libx264 -pix_fmt yuv420p")
        #expect(variable.contains("frame rate varies"))
        let plain = try MediaFixture.make(
            "plain.mp4", "\(frame) -c:v libx264 -bf 2 -pix_fmt yuv420p")
        let turned = try sentences(
            "rotated90.mp4",
            "-i \(try MediaFixture.rotated(plain, as: "turned90.mp4", by: 90)) -c copy")
        #expect(turned.contains("270 degrees"))
        let wide = try sentences(
            "wide.mp4", "\(frame) -vf setsar=4/3 -c:v libx264 -pix_fmt yuv420p")
        #expect(wide.contains("not square"))
        let audio = try sentences(
            "shortsound.mkv",
            "\(frame) -f lavfi -i sine=duration=0.2 -c:v libx264 -c:a aac -pix_fmt yuv420p")
        #expect(audio.contains("Audio ends"))
        let comb = try sentences(
            "comb.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=50:duration=1 -vf interlace -c:v libx264 "
                + "-flags +ildct+ilme -pix_fmt yuv420p")
        #expect(comb.contains("interlaced"))
    }

    @Test
    func onlyTheRequestedPartIsRead() throws {
        let probe = try SourceProbe.inspect(VideoReaderDamageTests.plain(), seconds: 1)
        #expect(probe.report.frames == 25)
        #expect(!probe.isComplete)
    }
}
