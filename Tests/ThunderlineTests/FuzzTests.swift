import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Damaged and hostile input: never a crash, never a hang, always a documented exit code.
    struct FuzzTests {
        static let documented = Set<Int32>([0, 1, 130] + Array(64...76))

        /// Runs on damaged media and checks the invariants of every run.
        private func expectSane(_ path: String, _ why: String) throws {
            let out = try Scratch()
            var program = try Program.command()
            program.patience = 40
            let ended = try program.run(
                ["detect", path, "-o", out.path("seen.mp4"), "--input", "64x64", "--results", "-"]
                    + ["--preset", "ultrafast", "--quiet"])
            #expect(Self.documented.contains(ended.status), "\(why): \(ended.standardError)")
            #expect(ended.status == 0 || !ended.standardError.isEmpty, "\(why)")
            let results = try? FrameLine.all(ended.data)
            #expect(results != nil, "\(why): results are not NDJSON")
            if ended.status == 0 {
                #expect(
                    try MediaFacts(out.path("seen.mp4")).timestamps.count == results?.count,
                    "\(why)")
            }
        }

        @Test(arguments: ["mp4", "mkv", "ts", "avi"])
        func flippedBitsNeverCrash(ending: String) throws {
            let clean = try Media.small("fuzz.\(ending)")
            for seed in 1...4 {
                let ratio = ["0.00005", "0.0005", "0.004", "0.02"][seed - 1]
                let noisy = try Command(["zzuf", "-s", "\(seed)", "-r", ratio]).run(
                    input: URL(fileURLWithPath: clean))
                try #require(noisy.status == 0, "\(noisy.standardError)")
                let path = try Media.write("noisy-\(seed).\(ending)", noisy.data)
                try expectSane(path, "zzuf -s \(seed) -r \(ratio) < \(ending)")
            }
        }

        @Test(arguments: ["libx264", "mpeg4", "libx265"])
        func alteredAndLostPacketsNeverCrash(encoder: String) throws {
            let path = try Media.make(
                "lossy-\(encoder).mkv",
                "-f lavfi -i testsrc2=size=160x96:rate=25:duration=2 -f lavfi -i sine=440:duration=2 "
                    + "-c:v \(encoder) -g 12 -pix_fmt yuv420p -c:a aac -bsf:v noise=amount=200:drop=12"
            )
            try expectSane(path, "noise on \(encoder)")
        }

        @Test func cutAnywhere() throws {
            for (ending, more) in [("ts", ""), ("mkv", ""), ("mp4", "-movflags +faststart")] {
                let whole = try Data(
                    contentsOf: URL(fileURLWithPath: Media.small("cuts.\(ending)", more)))
                for share in [0.02, 0.3, 0.71, 0.97] {
                    let bytes = whole.prefix(Int(Double(whole.count) * share))
                    try expectSane(Media.write("cut.\(ending)", bytes), "\(ending) cut at \(share)")
                }
            }
        }

        @Test(arguments: [
            ["dashcam.yaml", "--set", "input.sources=a.mp4"], ["cameras.yaml"], ["bench.yaml"],
            ["home-assistant.yaml"],
        ])
        func randomPipelineFilesNeverCrash(definition: [String]) throws {
            let out = try Scratch()
            let seed = Array(
                try Program.run(
                    ["check", Shared.root.path + "/Pipelines/" + definition[0]]
                        + definition.dropFirst()
                ).data)
            try #require(!seed.isEmpty)
            var generator = SeededGenerator(seed: 11)
            for _ in 0..<40 {
                var bytes = seed
                for _ in 0..<Int.random(in: 1...20, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                        UInt8.random(in: 0...255, using: &generator)
                }
                let file = out.path("noise.yaml")
                try Data(bytes).write(to: URL(fileURLWithPath: file))
                let ended = try Program.run(["check", file])
                #expect([0, 64, 66].contains(ended.status), "\(ended.standardError)")
            }
        }
    }
}
