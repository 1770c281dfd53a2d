import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// The files of one trip as one recording.
    struct JoinTests {
        @Test func timelineAndAudioContinueAcrossFiles() throws {
            let out = try Scratch()
            let small = try Media.small()
            let ended = try Program.detect([
                "--join", small, small, small, "-o", out.path("trip.mp4"), "--results", "-",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let frames = try FrameLine.all(ended.data)
            #expect(frames.count == 150)
            #expect(frames.map(\.frame) == Array(0..<150))
            for (index, frame) in frames.enumerated() {
                #expect(abs(frame.time - Double(index) * 0.04) < 0.03 * Double(index / 50) + 1e-6)
            }
            let facts = try MediaFacts(out.path("trip.mp4"))
            #expect(facts.timestamps.count == 150)
            #expect(zip(facts.timestamps, facts.timestamps.dropFirst()).allSatisfy { $1 > $0 })
            #expect(abs((facts.duration ?? 0) - 6) < 0.15)
            let part = try MediaFacts(small).audio
            let sound = Set(part)
            #expect(facts.audio.allSatisfy { sound.contains($0) })
            #expect(facts.audio.count >= 3 * part.count - 4)
            for (stamp, next) in zip(facts.audioTimestamps, facts.audioTimestamps.dropFirst()) {
                #expect(next > stamp)
            }
        }

        @Test func identitiesContinueAcrossFiles() throws {
            guard let clip = Shared.file("clips/two-cars-1280x720-25fps-aac.mp4") else { return }
            let halves = [
                try Media.make(
                    "half1.mp4", "-i \(clip.path) -t 0.76 -c:v libx264 -preset ultrafast -c:a copy"),
                try Media.make(
                    "half2.mp4", "-ss 0.76 -i \(clip.path) -c:v libx264 -preset ultrafast -c:a copy"
                ),
            ]
            let frames = try Program.results(["--join"] + halves)
            #expect(frames.count >= 37)
            let border = try #require(frames.firstIndex { $0.source.hasSuffix("half2.mp4") })
            let before = Set(frames[border - 1].objects.map(\.id))
            let after = Set(frames[border].objects.map(\.id))
            #expect(!before.isEmpty)
            #expect(before.intersection(after).count >= 1)
            #expect(zip(frames, frames.dropFirst()).allSatisfy { $1.time > $0.time })
        }

        @Test func aPartThatCannotBeReadIsNamed() throws {
            let out = try Scratch()
            let small = try Media.small()
            let broken = try out.write("broken.mp4", "no video")
            let ended = try Program.detect([
                "--join", small, broken, small, "-o", out.path("trip.mp4"),
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(ended.standardError.contains("Left out of the joined recording"))
            #expect(ended.standardError.contains("broken.mp4"))
            #expect(try MediaFacts(out.path("trip.mp4")).timestamps.count == 100)
        }
    }
}
