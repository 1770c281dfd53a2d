import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Files that a run leaves when it ends early.
    struct StopTests {
        /// A minute at 30 frames per second with audio, long enough to be stopped in the middle.
        private func long() throws -> String {
            try Media.make(
                "minute.mp4",
                "-f lavfi -i testsrc2=size=320x192:rate=30000/1001:duration=60 "
                    + "-f lavfi -i sine=440:duration=60 -c:v libx264 -preset ultrafast -bf 2 -g 60 "
                    + "-pix_fmt yuv420p -c:a aac")
        }

        private func wait(for path: String, bytes: Int) {
            let end = Date(timeIntervalSinceNow: 30)
            while Date() < end {
                let values = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey])
                if let size = values?.fileSize, size >= bytes { return }
                usleep(5000)
            }
        }

        /// True when the part is the beginning of the whole; frames of its last half second may be missing, since they
        /// are written in decoding order.
        private func expectBeginning(_ part: [Double], of whole: [Double], within tick: Double) {
            #expect(part.allSatisfy { stamp in whole.contains { abs($0 - stamp) <= tick } })
            let safe = part.filter { $0 < (part.last ?? 0) - 0.5 }
            let wrong = zip(safe, whole).first { abs($0 - $1) > tick }
            #expect(wrong == nil, "\(part.count) of \(whole.count)")
        }

        @Test(arguments: [(0, "mp4"), (1, "mkv"), (2, "mov"), (3, "mp4"), (4, "mp4")])
        func aKilledRunLosesTheLastTwoSecondsOnly(round: Int, ending: String) throws {
            let source = try long()
            let scratch = try Scratch()
            let results = scratch.path("seen.ndjson")
            var generator = SeededGenerator(seed: UInt64(round) + 40)
            let pause = UInt32.random(in: 200_000...1_500_000, using: &generator)
            let ended = try Program.command().run(
                ["detect", source, "-o", scratch.path("seen.\(ending)"), "--results", results]
                    + ["--every", "3"] + Program.quick
            ) { process in
                wait(for: scratch.path("seen.partial.\(ending)"), bytes: 20_000)
                usleep(pause)
                kill(process.processIdentifier, SIGKILL)
            }
            #expect(ended.status == -9)
            #expect(scratch.names == ["seen.partial.\(ending)", "seen.partial.ndjson"])
            let lines = try Data(
                contentsOf: URL(fileURLWithPath: scratch.path("seen.partial.ndjson")))
            let analysed = lines.count { $0 == UInt8(ascii: "\n") }
            let left = try MediaFacts(scratch.path("seen.partial.\(ending)"))
            let whole = try MediaFacts(source)
            let tick = ending == "mkv" ? 0.0011 : 1e-6
            expectBeginning(left.timestamps, of: whole.timestamps, within: tick)
            #expect(Double(analysed - left.timestamps.count) / 29.97 < 2)
            expectBeginning(
                left.audioTimestamps.filter { $0 >= 0 },
                of: whole.audioTimestamps.filter { $0 >= 0 },
                within: tick)
            #expect(zip(left.audio, whole.audio).allSatisfy { $0 == $1 })
            let last = try #require(left.timestamps.last)
            #expect((left.audioTimestamps.last ?? 0) > last - 2)
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func theFirstSignalFinishesTheFile(signal: Int32) throws {
            let scratch = try Scratch()
            let results = scratch.path("seen.csv")
            let ended = try Program.command().run(
                ["detect", try long(), "-o", scratch.path("seen.mp4"), "--results", results]
                    + Program.quick
            ) { process in
                wait(for: scratch.path("seen.partial.mp4"), bytes: 20_000)
                kill(process.processIdentifier, signal)
            }
            #expect(ended.status == 130)
            #expect(ended.standardError.contains("Stopped early"))
            #expect(scratch.names == ["seen.csv", "seen.mp4"])
            let facts = try MediaFacts(scratch.path("seen.mp4"))
            #expect((10..<1790).contains(facts.timestamps.count))
            let end = try #require(facts.timestamps.last)
            #expect(abs((facts.audioTimestamps.last ?? 0) - end) < 1.5)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("seen.mp4")))
            let index = try #require(bytes.range(of: Data("moov".utf8)))
            let media = try #require(bytes.range(of: Data("mdat".utf8)))
            #expect(
                index.lowerBound < media.lowerBound, "a finished file can be played from its start")
            #expect(bytes.range(of: Data("moof".utf8)) == nil)
        }

        @Test func theSecondSignalStopsAtOnce() throws {
            let scratch = try Scratch()
            let ended = try Program.command().run(
                ["detect", try long(), "-o", scratch.path("seen.mp4")] + Program.quick
            ) { process in
                wait(for: scratch.path("seen.partial.mp4"), bytes: 20_000)
                kill(process.processIdentifier, SIGINT)
                kill(process.processIdentifier, SIGTERM)
                usleep(1000)
                kill(process.processIdentifier, SIGINT)
            }
            #expect([130, 143].contains(ended.status))
            #expect(scratch.names.count == 1)
        }

        /// A benchmark that is stopped prints no report.
        @Test(arguments: [
            ["bench", "--input", "320x192"], ["bench", "single-stream", "--time", "30"],
            ["quantize", "-o", "narrow.safetensors"],
        ])
        func aStoppedBenchmarkEndsWithoutAReport(arguments: [String]) throws {
            let scratch = try Scratch()
            let ended = try Program.command(in: scratch.url).run(arguments + [try long()]) {
                usleep(3_000_000)
                kill($0.processIdentifier, SIGTERM)
            }
            #expect(ended.status == 130, "\(ended.standardError)")
            #expect(ended.data.isEmpty, "\(ended.output)")
            #expect(scratch.names.isEmpty)
        }

        @Test func aStopBetweenSourcesLeavesTheRest() throws {
            let scratch = try Scratch()
            let source = try long()
            let ended = try Program.command().run(
                ["detect", source, try Media.small(), "-o", scratch.path("out") + "/"]
                    + Program.quick
            ) { process in
                wait(for: scratch.path("out/minute.partial.mp4"), bytes: 20_000)
                kill(process.processIdentifier, SIGINT)
            }
            #expect(ended.status == 130)
            let made = try FileManager.default.contentsOfDirectory(atPath: scratch.path("out"))
            #expect(made == ["minute.mp4"])
        }
    }
}
