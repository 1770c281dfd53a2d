import Foundation
import Pixels
import TestSupport
import Testing

@testable import Video

/// The samples of a picture, plane after plane, rows tight.
func samples(of frame: borrowing Frame) -> Data {
    frame.withPicture { picture in
        var data = Data()
        for plane in 0..<picture.format.planeCount {
            for y in 0..<picture.format.rows(ofPlane: plane, height: picture.height) {
                if picture.format.bytesPerSample == 1 {
                    picture.withRow(plane: plane, y) { row in
                        for index in row.indices { data.append(row[index]) }
                    }
                } else {
                    picture.withWideRow(plane: plane, y) { row in
                        for index in row.indices {
                            data.append(UInt8(truncatingIfNeeded: row[index]))
                            data.append(UInt8(truncatingIfNeeded: row[index] >> 8))
                        }
                    }
                }
            }
        }
        return data
    }
}

/// Everything a reader delivers, in numbers that can be compared.
struct Reading {
    var stamps: [Int64] = []
    var seconds: [Double] = []
    var damaged: [Bool] = []
    var samples = Data()
    var packets: [Int: Int] = [:]
    var report = ReadReport()
    var description: SourceDescription?
    var format: PixelFormat?

    init(_ path: String, options: ReaderOptions = ReaderOptions(), keepSamples: Bool = false) throws
    {
        var reader = try VideoReader(path, options: options)
        while let item = try reader.next() {
            switch consume item {
            case .frame(let frame):
                stamps.append(frame.timestamp.ticks)
                seconds.append(frame.timestamp.seconds)
                damaged.append(frame.isDamaged)
                format = frame.format
                if keepSamples { samples.append(Video_samples(frame)) }
            case .packet(let packet): packets[packet.stream, default: 0] += 1
            }
        }
        report = reader.report
        description = reader.description
    }

    private func Video_samples(_ frame: borrowing Frame) -> Data { VideoTests.samples(of: frame) }
}

@Suite(.timeLimit(.minutes(1)))
struct VideoReaderTests {
    static let picture = "-f lavfi -i testsrc2=size=160x96:rate=25:duration=1"

    /// Name of the file, and what `ffmpeg` is told to make it.
    static let kinds: [(String, String)] = [
        ("plain.mp4", "\(picture) -c:v libx264 -bf 2 -pix_fmt yuv420p"),
        (
            "ntsc.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=30000/1001:duration=1 -c:v libx264 -pix_fmt yuv420p"
        ),
        (
            "vfr.mkv",
            "\(picture) -vf setpts=N*N*0.002/TB -fps_mode vfr -c:v libx264 -pix_fmt yuv420p"
        ),
        (
            "open.mp4",
            "\(picture) -c:v libx264 -x264-params open-gop=1:keyint=8:bframes=3 -pix_fmt yuv420p"
        ),
        ("ten.mp4", "\(picture) -c:v libx264 -pix_fmt yuv420p10le"),
        ("four.mkv", "\(picture) -c:v libx264 -pix_fmt yuv444p"),
        ("old.avi", "\(picture) -c:v mpeg4"),
        ("motion.mov", "\(picture) -c:v mjpeg -pix_fmt yuvj422p"),
        ("stream.ts", "\(picture) -c:v libx264 -pix_fmt yuv420p"),
        ("hevc.mp4", "\(picture) -c:v libx265 -x265-params log-level=none -pix_fmt yuv420p"),
        ("vp9.webm", "\(picture) -c:v libvpx-vp9 -deadline realtime -pix_fmt yuv420p"),
        ("late.mkv", "\(picture) -output_ts_offset 3.5 -c:v libx264 -pix_fmt yuv420p"),
        (
            "odd.mp4",
            "-f lavfi -i testsrc2=size=162x90:rate=25:duration=0.5 -c:v libx264 -pix_fmt yuv420p"
        ),
    ]

    @Test(arguments: kinds)
    func stampsAndSamplesEqualThoseOfTheProgram(_ kind: (String, String)) throws {
        let path = try MediaFixture.make(kind.0, kind.1)
        let reading = try Reading(path, keepSamples: true)
        #expect(reading.stamps == MediaFixture.stamps(path))
        #expect(!reading.stamps.isEmpty)
        #expect(reading.samples == MediaFixture.samples(path))
        #expect(reading.report.warnings == [])
        #expect(reading.report.frames == reading.stamps.count)
    }

    @Test(arguments: [0, 90, 180, 270])
    func rotatedRecordingsComeOutUpright(_ degrees: Int) throws {
        let plain = try MediaFixture.make(
            "plain.mp4", "\(Self.picture) -c:v libx264 -bf 2 -pix_fmt yuv420p")
        let path = try MediaFixture.make(
            "rotated\(degrees).mp4",
            "-i \(plain) -c copy -metadata:s:v rotate=\(degrees)")
        let reading = try Reading(path, keepSamples: true)
        let description = try #require(reading.description)
        #expect(description.picture.rotation == (360 - degrees) % 360)
        #expect(description.picture.width == (degrees % 180 == 0 ? 160 : 96))
        #expect(reading.samples == MediaFixture.samples(path))
        #expect(reading.stamps == MediaFixture.stamps(path))
    }

    @Test
    func realRecordingsHaveTheStampsTheProgramSees() throws {
        guard let clips = Shared.file("clips") else { return }
        let names = try FileManager.default.contentsOfDirectory(atPath: clips.path)
        for name in names where name.hasSuffix(".mp4") {
            let path = clips.appendingPathComponent(name).path
            let reading = try Reading(path)
            #expect(reading.stamps == MediaFixture.stamps(path), "\(name)")
            #expect(reading.report.warnings == [], "\(name)")
        }
    }
}
