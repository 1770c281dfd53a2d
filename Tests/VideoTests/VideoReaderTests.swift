import Foundation
import Pixels
import TestSupport
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct VideoReaderTests {
    static let frame = "-f lavfi -i testsrc2=size=160x96:rate=25:duration=1"

    /// File name and `ffmpeg` arguments.
    static let kinds: [(String, String)] = [
        ("plain.mp4", "\(frame) -c:v libx264 -bf 2 -pix_fmt yuv420p"),
        (
            "ntsc.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=30000/1001:duration=1 -c:v libx264 -pix_fmt yuv420p"
        ),
        (
            "vfr.mkv",
            "\(frame) -vf setpts=N*N*0.002/TB -fps_mode vfr -c:v libx264 -pix_fmt yuv420p"
        ),
        (
            "open.mp4",
            "\(frame) -c:v libx264 -x264-params open-gop=1:keyint=8:bframes=3 -pix_fmt yuv420p"
        ),
        ("ten.mp4", "\(frame) -c:v libx264 -pix_fmt yuv420p10le"),
        ("four.mkv", "\(frame) -c:v libx264 -pix_fmt yuv444p"),
        ("old.avi", "\(frame) -c:v mpeg4"),
        ("motion.mov", "\(frame) -c:v mjpeg -pix_fmt yuvj422p"),
        ("stream.ts", "\(frame) -c:v libx264 -pix_fmt yuv420p"),
        ("hevc.mp4", "\(frame) -c:v libx265 -x265-params log-level=none -pix_fmt yuv420p"),
        ("vp9.webm", "\(frame) -c:v libvpx-vp9 -deadline realtime -pix_fmt yuv420p"),
        ("av1.mkv", "\(frame) -c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt yuv420p"),
        ("semi.nut", "\(frame) -c:v rawvideo -pix_fmt nv12"),
        ("gray.mkv", "\(frame) -c:v ffv1 -pix_fmt gray"),
        ("late.mkv", "\(frame) -output_ts_offset 3.5 -c:v libx264 -pix_fmt yuv420p"),
        (
            "odd.mp4",
            "-f lavfi -i testsrc2=size=162x90:rate=25:duration=0.5 -c:v libx264 -pix_fmt yuv420p"
        ),
    ]

    @Test(arguments: kinds)
    func timestampsAndSamplesEqualThoseOfFFmpeg(_ kind: (String, String)) throws {
        let path = try MediaFixture.make(kind.0, kind.1)
        let reading = try Reading(path, keepSamples: true)
        #expect(reading.timestamps == MediaFixture.timestamps(path))
        #expect(!reading.timestamps.isEmpty)
        #expect(equal(reading.samples, MediaFixture.samples(path)))
        #expect(reading.report.warnings == [])
        #expect(reading.report.frames == reading.timestamps.count)
    }

    @Test(arguments: [0, 90, 180, 270])
    func rotatedRecordingsAreUpright(_ degrees: Int) throws {
        let plain = try MediaFixture.make(
            "plain.mp4", "\(Self.frame) -c:v libx264 -bf 2 -pix_fmt yuv420p")
        let path = try MediaFixture.rotated(plain, as: "rotated\(degrees).mp4", by: degrees)
        let reading = try Reading(path, keepSamples: true)
        let description = try #require(reading.description)
        #expect(description.video.rotation == (360 - degrees) % 360)
        #expect(description.video.width == (degrees % 180 == 0 ? 160 : 96))
        #expect(equal(reading.samples, MediaFixture.samples(path)))
        #expect(reading.timestamps == MediaFixture.timestamps(path))
    }

    @Test(arguments: ["hflip", "vflip"])
    func mirroredRecordingsAreUpright(_ turn: String) throws {
        // Writes the display matrix into the track header by hand, because FFmpeg 5.1 has no option
        // for it.
        let plain = try MediaFixture.make(
            "plain.mp4", "\(Self.frame) -c:v libx264 -bf 2 -pix_fmt yuv420p")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: plain))
        let header = try #require(bytes.range(of: Data("tkhd".utf8)))
        let matrix = header.lowerBound + 44
        let minusOne = Data([0xFF, 0xFF, 0, 0])
        if turn == "hflip" {
            bytes.replaceSubrange(matrix..<(matrix + 4), with: minusOne)
            bytes.replaceSubrange((matrix + 24)..<(matrix + 28), with: Data([0, 160, 0, 0]))
        } else {
            bytes.replaceSubrange((matrix + 16)..<(matrix + 20), with: minusOne)
            bytes.replaceSubrange((matrix + 28)..<(matrix + 32), with: Data([0, 96, 0, 0]))
        }
        let path = try MediaFixture.write("\(turn).mp4", bytes)
        let reading = try Reading(path, keepSamples: true)
        let expected = MediaFixture.samples(plain, ["-vf", turn])
        #expect(equal(reading.samples, expected))
        #expect(reading.description?.video.isMirrored == true)
        #expect(reading.description?.video.rotation == (turn == "hflip" ? 0 : 180))
    }

    @Test(arguments: [("yuv420p10le", 270), ("yuv444p", 270), ("yuv422p", 90)])
    func everyPixelFormatIsRotated(_ kind: (String, Int)) throws {
        let plain = try MediaFixture.make(
            "turn-\(kind.0)-plain.mov", "\(Self.frame) -c:v libx264 -pix_fmt \(kind.0)")
        let path = try MediaFixture.rotated(plain, as: "turn-\(kind.0).mov", by: kind.1)
        let reading = try Reading(path, keepSamples: true)
        #expect(equal(reading.samples, MediaFixture.samples(path)))
        #expect(reading.description?.video.width == 96)
    }

    @Test
    func sampleAspectRatioRotatesWithTheFrame() throws {
        let plain = try MediaFixture.make(
            "wide.mp4", "\(Self.frame) -vf setsar=4/3 -c:v libx264 -pix_fmt yuv420p")
        let path = try MediaFixture.rotated(plain, as: "wide90.mp4", by: 90)
        #expect(try Reading(plain).description?.video.sampleAspectRatio == Ratio(4, 3))
        #expect(try Reading(path).description?.video.sampleAspectRatio == Ratio(3, 4))
    }

    @Test
    func startAndDurationSelectFramesByTimestamp() throws {
        let path = try VideoReaderDamageTests.plain()
        let all = MediaFixture.timestamps(path)
        let whole = try Reading(path)
        var options = ReaderOptions()
        options.start = 1.3
        options.duration = 1
        let part = try Reading(path, options: options)
        let expected = zip(all, whole.seconds).filter { $0.1 > 1.3 - 1e-6 && $0.1 < 2.3 - 1e-6 }
        #expect(part.timestamps == expected.map(\.0))
        #expect(part.timestamps.count == 25)
        #expect(!part.report.isTruncated)
        options.start = 99
        #expect(try Reading(path, options: options).timestamps == [])
    }

    @Test
    func audioPacketsAreDeliveredOnRequest() throws {
        let path = try MediaFixture.make(
            "sound.mp4",
            "\(Self.frame) -f lavfi -i sine=duration=1 -c:v libx264 -c:a aac -pix_fmt yuv420p")
        #expect(try Reading(path).packets == [:])
        var options = ReaderOptions()
        options.packetKinds = [.audio]
        let reading = try Reading(path, options: options)
        let counted = Program.run(
            "ffprobe",
            [
                "-v", "quiet", "-select_streams", "a", "-show_entries", "packet=pts", "-of",
                "csv=p=0", path,
            ])
        let lines = String(decoding: counted.text, as: UTF8.self).split(separator: "\n")
        #expect(reading.packets == [1: lines.count])
        #expect(lines.count > 40)
    }

    @Test
    func interlacedFramesAreDetectedAndDeinterlaced() throws {
        let path = try MediaFixture.make(
            "comb.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=50:duration=1 -vf interlace -c:v libx264 "
                + "-flags +ildct+ilme -pix_fmt yuv420p")
        let plain = try Reading(path, keepSamples: true)
        #expect(plain.report.interlacedFrames == plain.timestamps.count)
        var options = ReaderOptions()
        options.deinterlace = true
        let treated = try Reading(path, options: options, keepSamples: true)
        #expect(treated.timestamps == plain.timestamps)
        #expect(treated.samples.count == plain.samples.count)
        #expect(treated.samples != plain.samples)
        #expect(equal(treated.samples, MediaFixture.samples(path, ["-vf", "bwdif=send_frame"])))
    }

    @Test
    func framesOfAnotherSizeAreScaledToTheFirst() throws {
        let first = try MediaFixture.make(
            "a.ts", "\(Self.frame) -c:v mpeg2video -pix_fmt yuv420p")
        let second = try MediaFixture.make(
            "b.ts",
            "-f lavfi -i testsrc2=size=320x192:rate=25:duration=1 -output_ts_offset 1 "
                + "-c:v mpeg2video -pix_fmt yuv422p")
        let bytes = try VideoReaderDamageTests.bytes(first) + VideoReaderDamageTests.bytes(second)
        let path = try MediaFixture.write("changing.ts", bytes)
        for deinterlace in [false, true] {
            var options = ReaderOptions()
            options.deinterlace = deinterlace
            let reading = try Reading(path, options: options, keepSamples: true)
            let count = MediaFixture.timestamps(path).count
            // At the seam one packet is marked corrupt: ffprobe shows it, the reader skips it.
            #expect(reading.timestamps.count + reading.report.corruptPackets == count)
            #expect(count > 40)
            #expect(reading.samples.count == reading.timestamps.count * 160 * 96 * 3 / 2)
            #expect((20...25).contains(reading.report.refittedFrames))
        }
    }

    @Test
    func pushedTransportStreamIsRead() throws {
        let path = try VideoReaderDamageTests.plain()
        let server = try SilentServer()
        let address = "rtsp://127.0.0.1:\(server.port)/camera"
        server.close()
        let camera = Process()
        camera.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        camera.arguments = [
            "sh", "-c",
            "sleep 0.5; exec ffmpeg -v quiet -re -i \(path) -c copy "
                + "-f rtsp -rtsp_transport tcp \(address)",
        ]
        camera.standardInput = FileHandle.nullDevice
        try camera.run()
        defer { camera.terminate() }
        var options = ReaderOptions()
        options.formatOptions = ["rtsp_flags": "listen"]
        options.deadlines.betweenPackets = 3
        var reader = try VideoReader(address, options: options)
        #expect(reader.description.isLive)
        var count = 0
        while count < 20, let item = try reader.next() {
            if case .frame = consume item { count += 1 }
        }
        #expect(count == 20)
    }

    @Test
    func standardInputIsRead() throws {
        let path = try MediaFixture.make(
            "stream.ts", "\(Self.frame) -c:v libx264 -pix_fmt yuv420p")
        let saved = dup(0)
        let file = unsafe open(path, O_RDONLY)
        dup2(file, 0)
        defer {
            dup2(saved, 0)
            close(saved)
            close(file)
        }
        let reading = try Reading("-")
        #expect(reading.timestamps == MediaFixture.timestamps(path))
        #expect(reading.description?.name == "standard input")
    }

    @Test
    func realRecordingsHaveTheTimestampsOfFFprobe() throws {
        guard let clips = Shared.file("clips") else { return }
        let names = try FileManager.default.contentsOfDirectory(atPath: clips.path)
        for name in names where name.hasSuffix(".mp4") {
            let path = clips.appendingPathComponent(name).path
            let reading = try Reading(path)
            #expect(reading.timestamps == MediaFixture.timestamps(path), "\(name)")
            #expect(reading.report.warnings == [], "\(name)")
        }
    }
}
