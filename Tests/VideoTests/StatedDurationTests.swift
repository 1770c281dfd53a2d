import Foundation
import TestSupport
import Testing

@testable import Video

/// Recordings whose stated duration counts otherwise, and those that really end early.
@Suite(.timeLimit(.minutes(1)))
struct StatedDurationTests {
    private static let four = "-f lavfi -i testsrc2=size=160x96:rate=25:duration=4"
    private static let cutMark = "ends before"

    private func isShort(_ path: String) throws -> Bool {
        try SourceProbe.inspect(path).findings.contains {
            $0.sentence.contains(Self.cutMark) || $0.sentence.contains("the video lasts")
        }
    }

    private static func cut(_ path: String, to share: Double) throws -> String {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let url = URL(fileURLWithPath: path)
        return try MediaFixture.write(
            "short-\(url.lastPathComponent)", bytes.prefix(Int(Double(bytes.count) * share)))
    }

    @Test(arguments: [
        ("mkv", "libx264"), ("webm", "libvpx"), ("asf", "mpeg4"), ("nut", "libx264"),
        ("flv", "libx264"), ("mov", "libx264"), ("mp4", "libx264"), ("ts", "libx264"),
    ])
    func recordingThatStartsFarFromZeroIsWhole(_ kind: (String, String)) throws {
        let path = try MediaFixture.make(
            "hundred.\(kind.0)",
            "\(Self.four) -c:v \(kind.1) -bf 0 -g 12 -b:v 300k -pix_fmt yuv420p "
                + "-movflags +faststart -output_ts_offset 100")
        #expect(try !isShort(path))
        let duration = try #require(VideoReader(path).description.duration)
        #expect(abs(duration - 4) < 0.1)
        // Cut off, these state no duration.
        guard !["ts", "asf", "nut"].contains(kind.0) else { return }
        #expect(try isShort(Self.cut(path, to: 0.6)))
    }

    /// FFmpeg computes the duration of a transport stream from its first and last timestamps.
    @Test func jumpOfTheClockIsNoMissingEnd() throws {
        var joined = Data()
        for offset in [100, 30, 10_030] {
            let part = try MediaFixture.make(
                "leap-\(offset).ts",
                "\(Self.four) -c:v libx264 -bf 0 -pix_fmt yuv420p -output_ts_offset \(offset)")
            joined += try Data(contentsOf: URL(fileURLWithPath: part))
        }
        let path = try MediaFixture.write("leaps.ts", joined)
        #expect(try !isShort(path))
        #expect(try SourceProbe.inspect(path).report.clockJumps == 2)
    }

    @Test func emptyChunksOfAVITakeTime() throws {
        let path = try MediaFixture.make(
            "empty.avi",
            "\(Self.four) -vf select='not(between(mod(n,25),5,14))' -vsync passthrough -c:v mjpeg")
        #expect(try !isShort(path))
        #expect(try isShort(Self.cut(path, to: 0.6)))
    }

    @Test func packedBFramesAndDVAreWhole() throws {
        let packed = try MediaFixture.make(
            "packed.avi", "\(Self.four) -c:v mpeg4 -bf 2 -vtag XVID -pix_fmt yuv420p")
        #expect(try !isShort(packed))
        for ending in ["dv", "avi"] {
            let path = try MediaFixture.make(
                "tape.\(ending)", "\(Self.four) -s 720x576 -pix_fmt yuv420p -c:v dvvideo")
            #expect(try !isShort(path), "\(ending)")
        }
    }

    @Test func hoursOfTheLastFrameAndEmptyTracksAreFound() throws {
        let path = try MediaFixture.make(
            "hours.mp4",
            "\(Self.four) -c:v libx264 -bf 0 -pix_fmt yuv420p "
                + "-bsf:v setts=duration='if(eq(N,99),32400/TB,DURATION)'")
        let target = WriterFixture.target("hours.mp4")
        try WriterFixture.copy([path], to: target)
        #expect(abs((try Probe(target).duration ?? 0) - 4) < 0.1)
        let empty = try MediaFixture.make("empty-track.mp4", "-ss 60 -i \(path) -c copy")
        #expect(throws: VideoError.self) { _ = try Reading(empty) }
    }

    @Test func loneSegmentIsWholeOrSaysWhatItLacks() throws {
        _ = try MediaFixture.make(
            "segments.m3u8",
            "\(Self.four) -c:v libx264 -g 25 -pix_fmt yuv420p -f hls -hls_segment_type fmp4 "
                + "-hls_time 1 -hls_list_size 0 -hls_fmp4_init_filename segments-init.mp4")
        let folder = MediaFixture.folder
        let header = try Data(contentsOf: folder.appendingPathComponent("segments-init.mp4"))
        let segment = try Data(contentsOf: folder.appendingPathComponent("segments2.m4s"))
        #expect(try !isShort(MediaFixture.write("lone.mp4", header + segment)))
        let bare = try MediaFixture.write("bare.m4s", segment)
        do {
            _ = try Reading(bare)
            Issue.record("a segment without its header was read")
        } catch let error as VideoError {
            #expect(error.message.contains("segment") && error.message.contains("header"))
        }
    }
}
