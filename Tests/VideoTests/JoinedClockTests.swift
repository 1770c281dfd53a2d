import Foundation
import TestSupport
import Testing

@testable import Video

/// Recordings whose clock begins again within the file.
@Suite(.timeLimit(.minutes(1)))
struct JoinedClockTests {
    /// Two seconds of picture and sound whose clock begins at `start`.
    private static func part(_ start: Double, _ more: String = "", ending: String = "ts") throws
        -> Data
    {
        let name = "part-\(start)-\(more.hashValue).\(ending)"
        let path = try MediaFixture.make(
            name,
            "\(WriterFixture.frame) \(WriterFixture.tone) \(WriterFixture.x264) -g 25 -c:a aac \(more) "
                + "-output_ts_offset \(start)")
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    private static func joined(_ name: String, _ starts: [Double]) throws -> String {
        try MediaFixture.write(name, starts.reduce(Data()) { try $0 + part($1) })
    }

    /// Distances between frames in milliseconds, each once.
    private func steps(_ seconds: [Double]) -> Set<Int> {
        Set(zip(seconds, seconds.dropFirst()).map { Int((($1 - $0) * 1000).rounded()) })
    }

    @Test(arguments: [
        ("again", [0, 0, 0]), ("back", [20, 0, 40]), ("forth", [0, 10_000]),
        ("day", [83_000, 0]),
    ])
    func joinedTransportStreamsHaveOneTimeline(_ kind: (String, [Double])) throws {
        let path = try Self.joined("\(kind.0).ts", kind.1)
        let reading = try Reading(path)
        #expect(reading.timestamps.count == kind.1.count * 50, "no frame is lost at a seam")
        #expect(steps(reading.seconds) == [40])
        #expect(!reading.damaged.contains(true))
        #expect(reading.report.clockJumps == kind.1.count - 1)
        #expect(reading.report.repairedTimestamps == 0)
        #expect(reading.report.warnings.count { $0.contains("clock") } == 1)
        try expectCopy(of: path, seconds: Double(kind.1.count) * 2)
    }

    /// Copies picture and sound, and expects both to last as long.
    private func expectCopy(of path: String, seconds: Double) throws {
        let target = WriterFixture.target("joined.mp4")
        let report = try WriterFixture.copy([path], to: target)
        let copy = try Probe(target)
        #expect(steps(copy.frames) == [40])
        let sound = copy.seconds("audio")
        let (first, last) = (sound.min() ?? 0, sound.max() ?? 0)
        #expect(abs((last - first) - seconds) < 0.1, "sound lasts \(last - first) s")
        #expect(sound.count > Int(seconds * 44_100 / 1024 * 0.95))
        #expect(abs((sound.min() ?? 9) - (copy.frames.first ?? 0)) < 0.1)
        #expect(!report.warnings.contains { $0.contains("did not increase") })
    }

    @Test(arguments: [1.0, 3.0, 5.0])
    func partOfAJoinedRecordingIsFoundOnItsTimeline(start: Double) throws {
        let path = try Self.joined("part-of.ts", [0, 0, 0])
        var options = ReaderOptions()
        options.start = start
        options.duration = 0.5
        let reading = try Reading(path, options: options)
        let whole = try Reading(path, keepSamples: true)
        let begin = try #require(reading.description?.start) + start
        let wanted = whole.seconds.indices.filter {
            whole.seconds[$0] >= begin && whole.seconds[$0] < begin + 0.5
        }
        #expect(reading.seconds == wanted.map { whole.seconds[$0] })
        let size = whole.samples.count / whole.seconds.count
        let part = try Reading(path, options: options, keepSamples: true).samples
        let first = try #require(wanted.first)
        #expect(part.prefix(size) == whole.samples[(first * size)..<((first + 1) * size)])
    }

    @Test func playlistWithDiscontinuitiesHasOneTimeline() throws {
        for (index, start) in [5.0, 0, 900].enumerated() {
            _ = try MediaFixture.write("seam-\(index).ts", Self.part(start))
        }
        let list = [
            "#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2", "#EXTINF:2,", "seam-0.ts",
            "#EXT-X-DISCONTINUITY", "#EXTINF:2,", "seam-1.ts", "#EXT-X-DISCONTINUITY",
            "#EXTINF:2,", "seam-2.ts", "#EXT-X-ENDLIST", "",
        ].joined(separator: "\n")
        let path = try MediaFixture.write("seams.m3u8", Data(list.utf8))
        let reading = try Reading(path)
        #expect(reading.timestamps.count == 150)
        #expect(steps(reading.seconds) == [40])
        let master = try MediaFixture.write(
            "master.m3u8", Data("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=9\nseams.m3u8\n".utf8))
        let server = try WebSource(MediaFixture.folder.path, images: path)
        for source in [path, master, server.file("seams.m3u8"), server.file("master.m3u8")] {
            for start in [1.0, 3, 5] {
                var options = ReaderOptions()
                options.start = start
                let part = try Reading(source, options: options).seconds
                #expect(part.count == 150 - Int(start * 25), "\(source) from \(start) s")
                #expect(steps(part) == [40])
            }
        }
        try expectCopy(of: path, seconds: 6)
    }

    @Test func gapOfARecordingIsKeptAndShownByProbe() throws {
        let path = try MediaFixture.make(
            "gap.mkv",
            "\(WriterFixture.frame) \(WriterFixture.x264) -bf 0 -vf "
                + "setpts='if(gte(N,25),PTS+120/TB,PTS)' -vsync passthrough")
        let reading = try Reading(path)
        #expect(reading.report.clockJumps == 0)
        #expect(reading.seconds.max().map { abs($0 - 121.96) < 0.01 } == true)
    }

    /// Transport stream without B-frames in which some frames have another timestamp.
    private static func retimed(_ name: String, _ frames: [Int], by seconds: Int) throws -> String {
        let plain = try MediaFixture.make(
            "plain-bf0.ts",
            "\(WriterFixture.frame) -c:v libx264 -preset ultrafast -bf 0 -g 25 -pix_fmt yuv420p")
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: plain)))
        let starts = (0..<bytes.count - 14).filter {
            bytes[$0...].starts(with: [0, 0, 1, 0xE0]) && bytes[$0 + 7] & 0xC0 == 0x80
        }
        for frame in frames {
            let at = starts[frame] + 9
            let old =
                Int(bytes[at] >> 1 & 7) << 30 | Int(bytes[at + 1]) << 22
                | Int(bytes[at + 2] >> 1) << 15 | Int(bytes[at + 3]) << 7 | Int(bytes[at + 4] >> 1)
            let new = old + seconds * 90_000
            bytes[at] = 0x21 | UInt8(new >> 29 & 0xE)
            bytes[at + 1] = UInt8(truncatingIfNeeded: new >> 22)
            bytes[at + 2] = UInt8(truncatingIfNeeded: new >> 14) | 1
            bytes[at + 3] = UInt8(truncatingIfNeeded: new >> 7)
            bytes[at + 4] = UInt8(truncatingIfNeeded: new << 1) | 1
        }
        return try MediaFixture.write(name, Data(bytes))
    }

    @Test(arguments: [("hours", [20], 7200), ("several", [20, 21, 40], 7200), ("five", [30], 5)])
    func frameStampedElsewhereIsRepaired(_ kind: (String, [Int], Int)) throws {
        let path = try Self.retimed("\(kind.0).ts", kind.1, by: kind.2)
        let reading = try Reading(path)
        #expect(reading.timestamps.count == 50)
        #expect(steps(reading.seconds) == [40])
        #expect(reading.report.clockJumps == 0)
        #expect(reading.report.repairedPackets == kind.1.count)
        #expect(reading.report.repairedTimestamps == 0)
    }
}
