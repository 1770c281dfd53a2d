import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Formats of results, and their reproducibility.
    struct ResultsTests {
        private var clip: String? { Shared.file("clips/traffic-854x480-29.97fps-aac.mp4")?.path }

        @Test func allFormatsAgree() throws {
            guard let clip else { return }
            let out = try Scratch()
            let names = ["r.ndjson", "r.csv", "r.mot.txt", "r.coco.json"]
            let ended = try Program.detect(
                [clip, "--no-video", "--duration", "1", "--results", "-"]
                    + names.flatMap { ["--results", out.path($0)] })
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(out.names == names.sorted())
            let data = names.map { try? Data(contentsOf: URL(fileURLWithPath: out.path($0))) }
            #expect(data[0] == ended.data)
            let objects = try FrameLine.all(ended.data).reduce(0) { $0 + $1.objects.count }
            #expect(objects > 0)
            let lines = data.map { $0?.count { $0 == UInt8(ascii: "\n") } }
            #expect(lines[0] == 30)
            #expect(lines[1] == objects + 1)
            #expect(lines[2] == objects)
            let root =
                try JSONSerialization.jsonObject(with: try #require(data[3])) as? [String: Any]
            #expect((root?["annotations"] as? [Any])?.count == objects)
            #expect((root?["images"] as? [Any])?.count == 30)
        }

        @Test func everyLineHasTheDocumentedFields() throws {
            let small = try Media.small()
            let ended = try Program.detect([small, "--no-video", "--results", "-"])
            let first = try #require(ended.lines.first)
            #expect(
                first
                    == #"{"source":"\#(small)","frame":0,"pts":0,"time":0.000000,"fate":"detected","objects":[]}"#
            )
            #expect(ended.lines.count == 50)
        }

        @Test func resultsAreTheSameFromRunToRunAndForAnyThreads() throws {
            guard let clip else { return }
            let arguments = [clip, "--no-video", "--results", "-", "--duration", "1.5"]
            let first = try Program.detect(arguments).data
            #expect(first.count > 5000)
            for threads in [[], ["--threads", "1"], ["--threads", "2"], ["--threads", "3"]] {
                #expect(try Program.detect(arguments + threads).data == first, "\(threads)")
            }
        }

        @Test func resultsAreTheSameWithVideo() throws {
            guard let clip else { return }
            let out = try Scratch()
            let arguments = [clip, "--results", "-", "--duration", "1"]
            let without = try Program.detect(arguments + ["--no-video"]).data
            let with = try Program.detect(arguments + ["-o", out.path("v.mp4"), "--traces"]).data
            #expect(with == without)
        }

        @Test(arguments: ["portable", "avx2", "avx512"])
        func everyInstructionSetGivesTheSameDetections(set: String) throws {
            guard let clip else { return }
            var program = try Program.command()
            let arguments =
                [
                    "detect", clip, "--no-video", "--results", "-", "--duration", "0.3",
                    "--precision", "float32",
                ] + Program.quick
            let own = try FrameLine.all(program.run(arguments).data)
            program.environment = ["THUNDERLINE_CPU": set]
            let ended = try program.run(arguments)
            guard ended.status == 0 else {
                return print("SKIPPED: this machine has no \(set): \(ended.standardError)")
            }
            let masked = try FrameLine.all(ended.data)
            #expect(masked.count == own.count)
            for (left, right) in zip(own, masked) {
                let strong = left.objects.filter { $0.score > 0.6 }
                for object in strong {
                    let twin = right.objects.first { $0.id == object.id }
                    #expect(zip(twin?.box ?? [], object.box).allSatisfy { abs($0 - $1) < 0.6 })
                    #expect(abs((twin?.score ?? 0) - object.score) < 0.005)
                }
            }
        }

        @Test func nothingToWriteIsAnError() throws {
            #expect(try Program.detect([Media.small(), "--no-video"]).status == 64)
        }
    }
}
