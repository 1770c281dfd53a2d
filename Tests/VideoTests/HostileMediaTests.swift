import CFFmpeg
import Foundation
import Pixels
import TestSupport
import Testing

@testable import Video

/// Files and packets made to break the program, which may only refuse them with an error.
@Suite(.timeLimit(.minutes(1)))
struct HostileMediaTests {
    static let numbers: [Int64] = [
        .min, -.max, .min / 2, -90_000, -1, 0, 1, 48_000, .max / 4, .max / 2, .max,
    ]

    /// Reads and writes a whole source; errors do not matter here.
    func run(_ path: String, options: ReaderOptions = WriterFixture.everything, _ ending: String) {
        do {
            try WriterFixture.copy(
                [path, path], to: WriterFixture.target("hostile.\(ending)"), reading: options)
        } catch let error as VideoError {
            #expect(error.message.count > 20)
        } catch {
            Issue.record("\(error) is no error for people")
        }
    }

    @Test(arguments: ["mp4", "mkv"], ["aac", "pcm_s16le"])
    func extremeAudioTimestampsAreHarmless(_ ending: String, _ codec: String) throws {
        let path = try MediaFixture.make(
            "hostile-\(codec).mkv",
            "\(WriterFixture.frame) \(WriterFixture.tone) -t 0.4 \(WriterFixture.x264) -c:a \(codec)"
        )
        for seed in 0..<12 {
            var random = SeededGenerator(seed: UInt64(seed))
            var reader = try VideoReader(path, options: WriterFixture.everything)
            var options = WriterFixture.quick
            options.timeOrigin = .seconds(Double(seed) - 5)
            do throws(VideoError) {
                var writer = try VideoWriter(
                    to: WriterFixture.target("hostile.\(ending)"), source: reader.description,
                    options: options)
                while let item = try reader.next() {
                    switch consume item {
                    case .frame(let frame): try writer.write(frame)
                    case .packet(let packet):
                        Self.distort(packet, &random)
                        try writer.write(packet)
                    }
                }
                _ = try writer.finish()
            } catch {
                #expect(error.message.count > 20)
            }
        }
    }

    private static func distort(_ packet: borrowing Packet, _ random: inout SeededGenerator) {
        guard Bool.random(using: &random) else { return }
        unsafe packet.pointer.pointee.pts = numbers.randomElement(using: &random) ?? 0
        unsafe packet.pointer.pointee.dts = numbers.randomElement(using: &random) ?? 0
        unsafe packet.pointer.pointee.duration = numbers.randomElement(using: &random) ?? 0
    }

    /// AVI's `strh` chunks hold scale, rate, start and length of both streams.
    @Test(arguments: [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] as [UInt32])
    func extremeTimeBasesAreHarmless(_ number: UInt32) throws {
        let path = try MediaFixture.make(
            "clocks.avi",
            "\(WriterFixture.frame) \(WriterFixture.tone) -t 0.4 -c:v mpeg4 -c:a pcm_s16le")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var search = whole.startIndex
        while let mark = whole.range(of: Data("strh".utf8), in: search..<whole.endIndex) {
            search = mark.upperBound
            for field in stride(from: 28, through: 40, by: 4) {
                var bytes = whole
                let at = mark.lowerBound + field
                unsafe withUnsafeBytes(of: number.littleEndian) {
                    unsafe bytes.replaceSubrange(at..<at + 4, with: $0)
                }
                run(try MediaFixture.write("clocks-\(number).avi", bytes), "mp4")
            }
        }
    }

    @Test(arguments: [
        "1x1", "1x2", "2x1", "3x3", "1x500", "500x1", "16384x2", "2x16384", "15x17",
    ])
    func extremeSizesAreHarmless(_ size: String) throws {
        let path = try MediaFixture.make(
            "size-\(size).mkv",
            "-f lavfi -i color=red:size=32x32:rate=5:duration=0.4 -vf format=yuv444p,"
                + "scale=\(size.replacing("x", with: ":")):flags=neighbor,format=yuv420p -c:v ffv1")
        for ending in ["mp4", "mkv"] { run(path, ending) }
        var frame = try ScalerTests.frame(path)
        #expect("\(frame.width)x\(frame.height)" == size)
        let placement = CanvasRectangle.letterbox(
            frameWidth: frame.width, frameHeight: frame.height, canvasWidth: 64,
            canvasHeight: 32)
        var canvas = [UInt8](repeating: 0, count: 64 * 32 * 3)
        var span = canvas.mutableSpan
        var scaler = Scaler()
        try scaler.scale(frame, to: placement, into: &span)
        let rows = try frame.withMutablePicture { picture in picture.picture.height }
        #expect(rows == frame.height)
    }

    @Test(arguments: ["1/30000", "30000/1", "255/254"])
    func extremeSampleAspectRatiosAreHarmless(_ aspect: String) throws {
        let path = try MediaFixture.make(
            "aspect-\(aspect.replacing("/", with: "-")).mkv",
            "-f lavfi -i color=red:size=32x32:rate=5:duration=0.4 -vf setsar=\(aspect) -c:v ffv1")
        for ending in ["mp4", "mkv", "mov"] { run(path, ending) }
    }

    @Test(arguments: [1e18, 1e300, -1e300, .infinity, .nan])
    func extremeStartAndDurationAreHarmless(_ seconds: Double) throws {
        let path = try VideoReaderDamageTests.plain()
        for (start, duration) in [(seconds, nil), (nil, seconds), (seconds, seconds)] {
            var options = WriterFixture.everything
            options.start = start
            options.duration = duration
            run(path, options: options, "mp4")
        }
    }
}
