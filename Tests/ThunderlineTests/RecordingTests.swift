import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Real recordings through the whole pipeline.
    struct RecordingTests {
        struct Recording: Sendable, CustomStringConvertible {
            let name: String
            let frames: Int
            /// Lowest number of frames with a vehicle, at a small input.
            let withVehicles: Int
            let every: Int
            var description: String { name }
        }

        static let recordings = [
            Recording(name: "highway-960x540-25fps-aac", frames: 221, withVehicles: 150, every: 3),
            Recording(
                name: "traffic-854x480-29.97fps-aac", frames: 179, withVehicles: 100, every: 2),
            Recording(name: "traffic-1280x720-29.97fps", frames: 335, withVehicles: 150, every: 5),
            Recording(
                name: "night-portrait-544x960-30fps-mpeg4-mp3", frames: 379, withVehicles: 50,
                every: 5),
            Recording(
                name: "traffic-1280x720-30fps-hevc-aac", frames: 925, withVehicles: 400, every: 10),
            Recording(name: "people-1920x1080-30fps", frames: 302, withVehicles: 0, every: 10),
            Recording(name: "highway-1280x720-25fps-mpeg4", frames: 76, withVehicles: 40, every: 2),
            Recording(name: "highway-1280x720-25fps-aac", frames: 100, withVehicles: 50, every: 2),
        ]

        @Test(arguments: recordings)
        func outputKeepsTimestampsAndAudio(recording: Recording) throws {
            guard let source = Shared.file("clips/\(recording.name).mp4") else { return }
            let out = try Scratch()
            let ended = try Program.detect([
                source.path, "-o", out.path("seen.mp4"), "--results", "-", "--every",
                "\(recording.every)",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let frames = try FrameLine.all(ended.data)
            #expect(frames.count == recording.frames)
            let before = try MediaFacts(source.path)
            let after = try MediaFacts(out.path("seen.mp4"))
            #expect(after.timestamps.count == recording.frames)
            #expect(zip(before.timestamps, after.timestamps).allSatisfy { abs($0 - $1) < 1e-6 })
            let step = (before.timestamps.last ?? 0) / Double(recording.frames - 1)
            #expect(abs((before.duration ?? 0) - (after.duration ?? 9)) <= step + 1e-3)
            #expect(after.audio == before.audio)
            #expect(
                zip(before.audioTimestamps, after.audioTimestamps).allSatisfy {
                    abs($0 - $1) < 0.002
                })
            #expect(before.audioTimestamps.count == after.audioTimestamps.count)
            #expect(after.size == before.size)
            expectTimes(frames, before)
            let vehicles: Set = ["car", "truck", "bus", "motorcycle"]
            let seen = frames.count { $0.objects.contains { vehicles.contains($0.class) } }
            #expect(seen >= recording.withVehicles, "vehicles in \(seen) frames")
        }

        private func expectTimes(_ frames: [FrameLine], _ source: MediaFacts) {
            let start = source.timestamps.first ?? 0
            #expect(
                zip(frames, source.timestamps).allSatisfy { abs($0.time - ($1 - start)) < 2e-6 })
        }

        @Test func anMKVKeepsTimestampsToTheMillisecond() throws {
            guard let source = Shared.file("clips/traffic-854x480-29.97fps-aac.mp4") else { return }
            let out = try Scratch()
            let ended = try Program.detect([
                source.path, "-o", out.path("seen.mkv"), "--every", "5", "--duration", "3",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let before = try MediaFacts(source.path)
            let after = try MediaFacts(out.path("seen.mkv"))
            #expect((89...91).contains(after.timestamps.count))
            #expect(
                zip(before.timestamps, after.timestamps).allSatisfy { abs($0 - $1) <= 0.000_51 })
            #expect(
                zip(before.audio, after.audio).allSatisfy { $0 == $1 } && after.audio.count > 100)
        }
    }
}
