import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Folders, patterns, lists, joined recordings, images and standard input.
    struct SeveralSourcesTests {
        /// A folder with two recordings, an image and a broken recording.
        private func trip(broken: Bool = true) throws -> Scratch {
            let trip = try Scratch()
            for name in ["clip2.mp4", "clip10.mp4"] {
                try FileManager.default.copyItem(
                    atPath: Media.small(), toPath: trip.path(name))
            }
            if broken { _ = try trip.write("clip3.mp4", "no video") }
            _ = try trip.write("notes.txt", "hello")
            return trip
        }

        @Test func aFailureDoesNotStopTheRest() throws {
            let trip = try trip()
            let out = try Scratch()
            let ended = try Program.detect([
                trip.url.path, "-o", out.path("seen") + "/", "--results", out.path("{name}.ndjson"),
                "--results", out.path("all.csv"),
            ])
            #expect(ended.status == 75)
            #expect(ended.standardError.contains("3 sources: 2 done, 0 skipped, 1 failed"))
            let seen = try FileManager.default.contentsOfDirectory(atPath: out.path("seen"))
            #expect(seen.sorted() == ["clip10.mp4", "clip2.mp4"])
            #expect(
                out.names.filter { !$0.contains(".partial.") }
                    == ["all.csv", "clip10.ndjson", "clip2.ndjson", "seen"])
        }

        @Test func patternsAndListsNameSources() throws {
            let trip = try trip(broken: false)
            let out = try Scratch()
            let pattern = try Program.detect([trip.path("clip*.mp4"), "-o", out.path("a") + "/"])
            #expect(pattern.status == 0, "\(pattern.standardError)")
            let list = try trip.write(
                "list", "# trip\n\(trip.path("clip2.mp4"))\n\n\(trip.path("clip10.mp4"))\n")
            #expect(try Program.detect(["@" + list, "-o", out.path("b") + "/"]).status == 0)
            for folder in ["a", "b"] {
                let names = try FileManager.default.contentsOfDirectory(atPath: out.path(folder))
                #expect(names.count == 2)
            }
        }

        @Test func existingOutputsAreSkippedWithSkipExisting() throws {
            let trip = try trip(broken: false)
            let out = try Scratch()
            try FileManager.default.createDirectory(
                atPath: out.path("s"), withIntermediateDirectories: true)
            try "old".write(toFile: out.path("s/clip2.mp4"), atomically: true, encoding: .utf8)
            let arguments = [trip.url.path, "-o", out.path("s") + "/", "--skip-existing"]
            let first = try Program.detect(arguments)
            #expect(first.status == 0, "\(first.standardError)")
            #expect(first.standardError.contains("2 sources: 1 done, 1 skipped, 0 failed"))
            #expect(try String(contentsOfFile: out.path("s/clip2.mp4"), encoding: .utf8) == "old")
            let second = try Program.detect(arguments)
            #expect(second.standardError.contains("2 sources: 0 done, 2 skipped, 0 failed"))
            #expect(second.status == 0)
        }

        @Test func oneFileCannotHoldSeveral() throws {
            let trip = try trip(broken: false)
            let ended = try Program.detect([trip.url.path, "-o", trip.path("one.mp4")])
            #expect(ended.status == 64)
            #expect(ended.standardError.contains("--join"))
        }

        @Test func annotatedImagesAreImages() throws {
            let folder = try Scratch()
            for name in ["a.png", "b.jpg"] {
                let picture = try Media.make(
                    name, "-f lavfi -i testsrc2=size=320x192:duration=0.04 -frames:v 1")
                try FileManager.default.copyItem(atPath: picture, toPath: folder.path(name))
            }
            let out = try Scratch()
            let results = out.path("r.coco.json")
            let ended = try Program.detect([
                folder.url.path, "-o", out.path("seen") + "/", "--results", results,
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(try MediaFacts(out.path("seen/a.png")).size == [320, 192])
            #expect(try MediaFacts(out.path("seen/b.jpg")).size == [320, 192])
            let data = try Data(contentsOf: URL(fileURLWithPath: results))
            let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect((root["images"] as? [Any])?.count == 2)
            let single = try Program.detect([folder.path("a.png"), "-o", out.path("one.png")])
            #expect(single.status == 0, "\(single.standardError)")
            #expect(try MediaFacts(out.path("one.png")).timestamps.count == 1)
        }

        @Test(arguments: [
            ("ts", "-f mpegts"), ("mkv", ""),
            ("mp4", "-movflags +frag_keyframe+empty_moov+default_base_moof"),
        ])
        func standardInputIsReadAsItComes(ending: String, more: String) throws {
            let path = try Media.small("piped.\(ending)", more)
            let out = try Scratch()
            var program = try Program.command()
            // A real pipe cannot seek.
            program.words = ["sh", "-c", "cat \(path) | \"$@\"", "sh"] + program.words
            let ended = try program.run(
                ["detect", "-", "-o", out.path("seen.mp4"), "--results", "-"] + Program.quick)
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(try FrameLine.all(ended.data).count == 50)
            let facts = try MediaFacts(out.path("seen.mp4"))
            #expect(facts.timestamps.count == 50)
            let sound = try MediaFacts(path).audio
            #expect(facts.audio.count == sound.count)
            // A transport stream wraps each packet, so the bytes differ.
            #expect(ending == "ts" || facts.audio == sound)
        }
    }
}
