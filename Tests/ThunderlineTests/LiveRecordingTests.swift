import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Recording by the program, to its end or until it is killed.
    struct LiveRecordingTests {
        private func files(_ scratch: Scratch) -> [String] {
            let folder = scratch.path("rec/gate")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().map { folder + "/" + $0 }
        }

        private func bytes(_ scratch: Scratch) -> Int {
            files(scratch).filter { !$0.hasSuffix("ndjson") }.reduce(0) { sum, path in
                let facts = try? FileManager.default.attributesOfItem(atPath: path)
                return sum + (facts?[.size] as? Int ?? 0)
            }
        }

        private func record(
            _ scratch: Scratch, _ source: String, _ more: [String] = [],
            _ during: (Process) throws -> Void
        ) throws -> Command.Ended {
            try Program.command().run(
                ["live", "gate=\(source)", "--input", "320x192", "--record", scratch.path("rec")]
                    + more, during: during)
        }

        private func waitForBytes(_ scratch: Scratch, _ count: Int) {
            let end = Date(timeIntervalSinceNow: 30)
            while Date() < end && bytes(scratch) < count { usleep(5000) }
        }

        @Test(arguments: 0..<5)
        func aKilledRecordingLosesTheLastKeyFrameIntervalOnly(round: Int) throws {
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let scratch = try Scratch()
            var generator = SeededGenerator(seed: UInt64(round) + 90)
            let pause = UInt32.random(in: 0...2_500_000, using: &generator)
            let what = round < 3 ? "packets" : "annotated"
            var written = Date()
            let ended = try record(scratch, camera.address(), ["--record-what", what]) { process in
                waitForBytes(scratch, 10_000)
                written = Date()
                usleep(pause)
                kill(process.processIdentifier, SIGKILL)
            }
            #expect(ended.status == -9)
            let left = try #require(files(scratch).first { $0.hasSuffix(".partial.mp4") })
            let facts = try MediaFacts(left)
            // The recording had begun when the clock started; it continues at the camera's rate.
            let passed = Date().timeIntervalSince(written)
            let last = try #require(facts.timestamps.last)
            #expect(last > min(passed, Double(pause) / 1e6) - 1.2, "\(last) of \(passed)")
            let steps = zip(facts.timestamps, facts.timestamps.dropFirst()).map { $1 - $0 }
            #expect(steps.allSatisfy { $0 > 0 && $0 < 0.2 })
            // The next run renames the partial file and records beside it.
            let next = try record(scratch, camera.address(), ["--for", "2s"]) { _ in }
            #expect(next.status == 0, "\(next.standardError)")
            #expect(files(scratch).allSatisfy { !$0.contains(".partial.") })
            #expect(files(scratch).contains(left.replacing(".partial", with: "")))
            #expect(files(scratch).count { $0.hasSuffix(".mp4") } == 2)
        }

        @Test(arguments: ["packets", "annotated"])
        func aSignalFinishesAllFilesWithinTwoSeconds(what: String) throws {
            let cameras = try (0..<3).map { _ in try CameraServer(CameraScript(Media.cameraView()))
            }
            let scratch = try Scratch()
            var asked = Date()
            let others = cameras.dropFirst().enumerated().map { "more-\($0)=\($1.address())" }
            let ended = try record(
                scratch, cameras[0].address(), others + ["--record-what", what]
            ) { process in
                waitForBytes(scratch, 40_000)
                asked = Date()
                kill(process.processIdentifier, SIGTERM)
            }
            #expect(Date().timeIntervalSince(asked) < 2)
            #expect(ended.status == 0, "\(ended.standardError)")
            for camera in ["gate", "more-0", "more-1"] {
                let folder = scratch.path("rec/\(camera)")
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(names.allSatisfy { !$0.contains("partial") }, "\(names)")
                #expect(names.count { $0.hasSuffix(".mp4") } == 1)
                for name in names where name.hasSuffix(".mp4") {
                    #expect(try MediaFacts("\(folder)/\(name)").timestamps.count > 5)
                }
            }
            #expect(ended.standardError.contains("gate: recorded 1 file "))
        }

        @Test func recordingsAboveTheSizeAreRemovedDuringTheRun() throws {
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            let scratch = try Scratch()
            let definition = try scratch.write(
                "cameras.yaml",
                """
                command: live
                model: { input: 320x192 }
                record: { folder: \(scratch.path("rec")), segment: 1s, keep-size: 100k, results: false }
                for: 12s
                cameras:
                  - { name: gate, source: "\(camera.address())" }
                """)
            let ended = try Program.run(["live", definition])
            #expect(ended.status == 0, "\(ended.standardError)")
            let match = try #require(
                ended.standardError.firstMatch(of: /recorded (\d+) files?/)?.output.1)
            #expect(files(scratch).count < Int(match) ?? 0)
            #expect(bytes(scratch) < 400_000)
        }
    }
}
