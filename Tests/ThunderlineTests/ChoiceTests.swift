import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Selection of frames and detections.
    struct ChoiceTests {
        /// A short recording of two close cars.
        private var cars: String? {
            Shared.file("clips/two-cars-1280x720-25fps-aac.mp4")?.path
        }

        @Test func startAndDurationSelectAPartOfTheTimeline() throws {
            let small = try Media.small()
            let frames = try Program.results([small, "--start", "0.4", "--duration", "1"])
            #expect(frames.map(\.frame) == Array(0..<25))
            #expect(abs((frames.first?.time ?? 0) - 0.4) < 1e-6)
            #expect(abs((frames.last?.time ?? 0) - 1.36) < 1e-6)
            let beyond = try Program.detect([
                small, "--start", "9", "--no-video", "--results", "-",
            ])
            #expect(beyond.status == 68 && beyond.output.isEmpty, "\(beyond.standardError)")
        }

        @Test func aPartsVideoBeginsAtItsStartWithAudio() throws {
            let out = try Scratch()
            let small = try Media.small()
            let ended = try Program.detect([
                small, "--start", "1", "--duration", "0.6", "-o", out.path("seen.mp4"),
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let facts = try MediaFacts(out.path("seen.mp4"))
            #expect(facts.timestamps.count == 15)
            #expect(abs(facts.timestamps[0]) < 1e-6)
            let whole = Set(try MediaFacts(small).audio)
            #expect(facts.audio.count > 20 && facts.audio.allSatisfy { whole.contains($0) })
        }

        @Test func detectingOnSomeFramesTracksInBetween() throws {
            let small = try Media.small()
            let every = try Program.results([small, "--every", "5"])
            #expect(every.count == 50)
            for frame in every {
                #expect(frame.fate == (frame.frame % 5 == 0 ? "detected" : "tracked"))
            }
            let rate = try Program.results([small, "--detect-fps", "10"])
            #expect(rate.count { $0.fate == "detected" } == 20)
        }

        @Test func interlacedFramesAreReported() throws {
            let combed = try Media.small("combed.mp4", "-flags +ilme+ildct -vf setfield=tff")
            let out = try Scratch()
            let plain = try Program.detect([combed, "-o", out.path("plain.mp4")])
            #expect(plain.standardError.contains("50 frames are interlaced; --deinterlace"))
            let whole = try Program.detect([combed, "-o", out.path("whole.mp4"), "--deinterlace"])
            #expect(whole.status == 0 && !whole.standardError.contains("interlaced"))
        }

        @Test func onlyWantedClassesCount() throws {
            guard let cars else { return }
            let all = try Program.results([cars, "--duration", "0.4"])
            #expect(all.contains { $0.objects.contains { $0.class == "car" } })
            let none = try Program.results([cars, "--duration", "0.4", "--classes", "person,bus"])
            #expect(
                none.allSatisfy { $0.objects.allSatisfy { ["person", "bus"].contains($0.class) } })
            #expect(none.count == all.count)
        }

        @Test func scoresBelowTheLowestStartNoTracks() throws {
            guard let cars else { return }
            let frames = try Program.results([cars, "--duration", "0.4", "--min-score", "1"])
            #expect(frames.allSatisfy { $0.objects.isEmpty })
        }

        @Test func detectionsInIgnoredRegionsStartNoTracks() throws {
            guard let cars else { return }
            let left = try Program.results([cars, "--duration", "0.4", "--ignore", "0.5,0,0.5,1"])
            #expect(left.allSatisfy { $0.objects.allSatisfy { $0.box[0] + $0.box[2] / 2 <= 640 } })
            let nothing = try Program.results([
                cars, "--duration", "0.4", "--ignore", "0,0,1,0.5", "--ignore", "0,0.5,1,0.5",
            ])
            #expect(nothing.allSatisfy { $0.objects.isEmpty })
            #expect(
                try Program.results([cars, "--duration", "0.4"]).contains { !$0.objects.isEmpty })
        }

        @Test(arguments: ["stretch", "letterbox"])
        func bothFitsFindTheCars(fit: String) throws {
            guard let cars else { return }
            let frames = try Program.results([cars, "--duration", "0.4", "--fit", fit])
            let last = try #require(frames.last)
            #expect(last.objects.count { $0.class == "car" } >= 2)
            for object in last.objects where object.score > 0.8 {
                #expect((380...420).contains(object.box[1]), "\(object.box)")
            }
        }
    }
}
