import Foundation
import TestSupport
import Testing

@testable import Video

/// Recordings and cameras behind addresses that do not tell which they are.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct WebSourceTests {
    private static func images() throws -> String {
        try MediaFixture.make("images.mjpeg", "\(WriterFixture.frame) -c:v mjpeg -f mjpeg")
    }

    private static func server(rate: Double = 10) throws -> WebSource {
        try WebSource(MediaFixture.folder.path, images: images(), rate: rate)
    }

    /// Copies a fixture under a name without an ending.
    private static func unnamed(_ path: String, _ name: String) throws -> String {
        _ = try MediaFixture.write(name, Data(contentsOf: URL(fileURLWithPath: path)))
        return name
    }

    private static func playlist(isEnded: Bool) throws -> String {
        let stream = try MediaFixture.make(
            "listed.ts", "\(WriterFixture.frame) \(WriterFixture.x264) -g 25")
        let name = URL(fileURLWithPath: stream).lastPathComponent
        let list =
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n\(name)\n"
            + (isEnded ? "#EXT-X-ENDLIST\n" : "")
        let file = isEnded ? "ended.m3u8" : "open.m3u8"
        _ = try MediaFixture.write(file, Data(list.utf8))
        return file
    }

    @Test func recordingsAreReadToTheirEndWhateverTheirEnding() throws {
        let server = try Self.server()
        let fast = try MediaFixture.make(
            "faststart.mp4", "\(WriterFixture.frame) \(WriterFixture.x264) -movflags +faststart")
        let raw = try MediaFixture.make(
            "raw.264", "\(WriterFixture.frame) \(WriterFixture.x264) -bf 0 -f h264")
        let names = try [
            Self.unnamed(fast, "download") + "?id=42", Self.playlist(isEnded: true),
            Self.unnamed(raw, "raw-h264"), Self.unnamed(Self.images(), "raw-mjpeg"),
        ]
        for name in names {
            let reading = try Reading(server.file(name))
            #expect(reading.description?.isLive == false, "\(name)")
            #expect(reading.timestamps.count == 50, "\(name)")
            #expect(abs((reading.seconds.last ?? 0) - (reading.seconds.first ?? 0) - 1.96) < 0.01)
        }
    }

    @Test func camerasAndOpenPlaylistsAreLive() throws {
        let server = try Self.server()
        let live =
            try WebSource.Form.allCases.map(server.camera) + [
                server.file(Self.playlist(isEnded: false))
            ]
        for address in live {
            #expect(try VideoReader(address).description.isLive, "\(address)")
        }
        let ambiguous = try MediaFixture.make(
            "ambiguous.ts", "\(WriterFixture.frame) \(WriterFixture.x264)")
        let address = server.file(
            URL(fileURLWithPath: ambiguous).lastPathComponent, hasLength: false)
        #expect(try VideoReader(address).description.isLive)
        var options = ReaderOptions()
        options.kind = .recording
        #expect(try VideoReader(address, options: options).description.isLive == false)
        options.kind = .live
        #expect(try VideoReader(ambiguous, options: options).description.isLive)
    }

    @Test(arguments: WebSource.Form.allCases)
    func framesWithoutTimestampsHaveTheTimeOfTheirArrival(_ form: WebSource.Form) throws {
        let server = try Self.server(rate: 10)
        var options = ReaderOptions()
        options.videoOutput = .framesAndPackets
        var reader = try VideoReader(server.camera(form), options: options)
        #expect(reader.description.isStampedByArrival)
        let target = WriterFixture.target("camera.mkv")
        var writer = try PacketWriter(to: target, source: reader.description)
        var seconds: [Double] = []
        while seconds.count < 30, let item = try reader.next() {
            switch consume item {
            case .frame(let frame): seconds.append(frame.timestamp.seconds)
            case .packet(let packet): try writer.write(packet)
            }
        }
        #expect(abs(seconds[29] - 2.9) < 0.35, "\(seconds)")
        #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $0 < $1 })
        _ = try writer.finish()
        let recorded = try Probe(target).frames
        #expect(recorded.count >= 29)
        #expect(abs((recorded.last ?? 0) - (recorded.first ?? 0) - 2.9) < 0.45)
    }

    @Test func arrivalClockIncreasesStrictly() {
        var clock = ArrivalClock(base: Ratio(1, 90_000))
        let ticks = [5_000_000_000, 5_000_000_000, 5_100_000_000, 4_000_000_000].map {
            clock.ticks(at: $0)
        }
        #expect(ticks == [0, 1, 9000, 9001])
    }

    @Test func givenRateIsThatOfARawRecording() throws {
        let path = try MediaFixture.make(
            "rate.264", "\(WriterFixture.frame) \(WriterFixture.x264) -bf 0 -f h264")
        var options = ReaderOptions()
        options.rate = 12.5
        let reading = try Reading(path, options: options)
        #expect(abs((reading.seconds.last ?? 0) - 49 * 0.08) < 0.001)
        #expect(!reading.report.warnings.contains { $0.contains("--rate") })
        let guessed = try Reading(path)
        #expect(guessed.report.warnings.contains { $0.contains("25") && $0.contains("--rate") })
    }
}
