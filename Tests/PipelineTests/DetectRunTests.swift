import Flow
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Configuration
@testable import Pipeline

/// The pipeline as a library: from a description to files and a report.
@Suite(.timeLimit(.minutes(2)))
struct DetectRunTests {
    private final class Messages: Sendable {
        private let lines = Mutex<[String]>([])
        var all: String { lines.withLock { $0.joined() } }
        func console() -> Console {
            Console(isQuiet: false, isTerminal: false) { text in
                self.lines.withLock { $0.append(text) }
            }
        }
    }

    private func description(
        _ sources: [String], _ change: (inout DetectDescription) -> Void
    ) -> DetectDescription {
        var description = DetectDescription()
        description.input.sources = sources
        description.model.inputSize = PictureSize(width: 64, height: 64)
        description.output.preset = "ultrafast"
        change(&description)
        return description
    }

    private func run(
        _ description: DetectDescription, _ messages: Messages = Messages(),
        stop: StopSignal = StopSignal()
    ) throws -> RunReport {
        try DetectRun(description, console: messages.console(), stop: stop).run()
    }

    @Test func everyFrameIsAccountedFor() throws {
        let scratch = try Scratch()
        let messages = Messages()
        let report = try run(
            description([try Media.small()]) {
                $0.output.path = scratch.path("o.mp4")
                $0.results = [scratch.path("r.ndjson")]
                $0.tracking.every = 4
            }, messages)
        let job = try #require(report.jobs.first)
        #expect(report.reason == .done)
        #expect(job.counts.decoded == 50 && job.counts.detected == 13 && job.counts.tracked == 37)
        #expect(job.counts.check())
        #expect(abs(job.mediaSeconds - 1.96) < 1e-3)
        #expect(Set(job.files) == [scratch.path("o.mp4"), scratch.path("r.ndjson")])
        #expect(messages.all.contains("50 decoded = 13 detected + 37 tracked + 0 dropped"))
        #expect(scratch.names == ["o.mp4", "r.ndjson"])
    }

    @Test func countsAndEventsDoNotDependOnTheNumberOfThreads() throws {
        let scratch = try Scratch()
        let source = Shared.root.appendingPathComponent("Samples/road-day.mp4").path
        let outputs = try [1, 2, 4].map { threads -> [Data] in
            let names = ["r.ndjson", "e.ndjson", "c.csv", "x.csv", "h.csv"]
            let paths = names.map { scratch.path("\(threads)-\($0)") }
            _ = try run(
                description([source]) {
                    $0.input.duration = 3
                    $0.model.inputSize = PictureSize(width: 320, height: 192)
                    $0.model.threads = threads
                    $0.tracking.every = 3
                    $0.output.video = false
                    try? $0.set("zones", to: ["road=0,0.5 1,0.5 1,1 0,1; enter-after=0"])
                    try? $0.set("lines", to: ["ahead=0,0.62 1,0.62", "side=0.6,0.4 0.6,1"])
                    $0.results = [paths[0]]
                    $0.events.file = paths[1]
                    ($0.counts.file, $0.counts.every) = (paths[2], 1)
                    $0.counts.crossings = paths[3]
                    $0.counts.heatMaps = [paths[4]]
                })
            return try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        }
        #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
        let (results, events) = (outputs[0][0], String(decoding: outputs[0][1], as: UTF8.self))
        #expect(String(decoding: results, as: UTF8.self).contains(#""zones":["road"]"#))
        #expect(events.contains(#""event":"enter","zone":"road""#))
        let counts = String(decoding: outputs[0][2], as: UTF8.self).split(separator: "\n")
        // Six classes; three seconds; one zone and two directions of two lines; begun between seconds of the clock.
        #expect(counts.count - 1 == 6 * 3 * 5 || counts.count - 1 == 6 * 4 * 5)
    }

    @Test(arguments: [1, 2, 3])
    func resultsDoNotDependOnTheNumberOfDetectors(threads: Int) throws {
        let scratch = try Scratch()
        let source = Shared.root.appendingPathComponent("Samples/road-day.mp4").path
        let results = try [1, threads].map { count in
            let path = scratch.path("\(count).ndjson")
            _ = try run(
                description([source]) {
                    $0.input.duration = 2
                    $0.model.inputSize = PictureSize(width: 320, height: 192)
                    $0.model.threads = count
                    $0.tracking.every = 2
                    $0.output.path = scratch.path("\(count).mp4")
                    $0.output.overwrite = true
                    $0.results = [path]
                })
            defer { try? FileManager.default.removeItem(atPath: path) }
            return try Data(contentsOf: URL(fileURLWithPath: path))
        }
        #expect(results[0] == results[1] && !results[0].isEmpty)
    }

    @Test func randomWeightsAreReported() throws {
        let scratch = try Scratch()
        let messages = Messages()
        _ = try run(
            description([try Media.small()]) {
                $0.model.name = "snet49"
                $0.input.duration = 0.1
                $0.output.video = false
                $0.results = [scratch.path("r.ndjson")]
            }, messages)
        #expect(messages.all.ranges(of: "random weights").count == 1)
    }

    @Test func everyStageIsMeasuredOncePerFrame() throws {
        let scratch = try Scratch()
        let run = try DetectRun(
            description([try Media.small()]) {
                $0.output.path = scratch.path("o.mp4")
                $0.tracking.every = 5
            }, console: Messages().console(), stop: StopSignal())
        _ = run.run()
        #expect(run.recorder[.decode].count == 50)
        #expect(run.recorder[.detect].count == 10)
        #expect(run.recorder[.scale].count == 10)
        #expect(run.recorder[.track].count == 50)
        #expect(run.recorder[.encode].count == 50)
    }

    @Test func aStopBeforeTheStartDoesNothing() throws {
        let scratch = try Scratch()
        let stop = StopSignal()
        stop.ask()
        let report = try run(
            description([try Media.small()]) { $0.output.path = scratch.path("o.mp4") }, stop: stop)
        #expect(report.jobs.isEmpty)
        #expect(scratch.names.isEmpty)
    }

    @Test func aStopBetweenImagesIsReported() throws {
        let scratch = try Scratch()
        let image = try Media.make("still.png", "-f lavfi -i testsrc2=size=96x96 -frames:v 1")
        let images = try (0..<20).map { number in
            let path = scratch.path("\(number).png")
            try FileManager.default.copyItem(atPath: image, toPath: path)
            return path
        }
        let stop = StopSignal()
        let console = Console(isQuiet: false, isTerminal: false) { text in
            if text.contains("decoded") { stop.ask() }
        }
        let description = description(images) {
            $0.output.video = false
            $0.results = [scratch.path("all.csv")]
        }
        let report = try DetectRun(description, console: console, stop: stop).run()
        #expect(report.jobs.count == 1 && report.notStarted == 19)
        #expect(report.reason == .interrupted)
        #expect(report.summary == "20 sources: 1 done, 0 skipped, 0 failed, 19 not started")
        #expect(scratch.names.contains("all.csv"))
    }

    @Test func sourcesWithResultsAreSkipped() throws {
        let scratch = try Scratch()
        let image = try Media.make("still.png", "-f lavfi -i testsrc2=size=96x96 -frames:v 1")
        let description = description([image, try Media.small()]) {
            $0.output.video = false
            $0.output.skipExisting = true
            $0.results = [scratch.path("{name}.csv")]
        }
        #expect(try run(description).jobs.allSatisfy { !$0.isSkipped && $0.failure == nil })
        #expect(try run(description).jobs.allSatisfy { $0.isSkipped && $0.failure == nil })
        #expect(scratch.names == ["small.csv", "still.csv"])
    }

    @Test func theTimeOfLiveSourcesDoesNotCutFiles() throws {
        let scratch = try Scratch()
        let report = try run(
            description([try Media.small()]) {
                $0.input.liveFor = 0
                $0.output.video = false
                $0.results = [scratch.path("r.csv")]
            })
        #expect(report.jobs.first?.counts.decoded == 50)
        #expect(scratch.names == ["r.csv"])
    }

    @Test func aStopFromElsewhereEndsTheLineProperly() throws {
        let scratch = try Scratch()
        let stop = StopSignal()
        let long = try Media.make(
            "long.mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=25:duration=120 -c:v libx264 "
                + "-preset ultrafast -pix_fmt yuv420p")
        let path = scratch.path("o.mp4")
        let asker = Thread {
            while !FileManager.default.fileExists(atPath: scratch.path("o.partial.mp4")) {
                usleep(1000)
            }
            stop.ask()
        }
        asker.start()
        let report = try run(description([long]) { $0.output.path = path }, stop: stop)
        let job = try #require(report.jobs.first)
        #expect(report.reason == .interrupted)
        #expect(job.isStopped && job.counts.check())
        #expect(job.counts.decoded < 3000)
        #expect(try MediaFacts(path).timestamps.count == job.counts.detected)
    }

    @Test func aFailureOfTheEncodeStageIsTheOneReported() throws {
        let scratch = try Scratch()
        // Only the first frame shows that the encoder refuses its preset.
        let path = scratch.path("o.mp4")
        let report = try run(
            description([try Media.small()]) {
                $0.output.path = path
                $0.output.preset = "nonsense"
            })
        #expect(report.reason == .usage)
        let counts = try #require(report.jobs.first?.counts)
        #expect(counts.check() && counts.droppedTotal > 0)
    }

    @Test func aJoinedRecordingHasOneClock() throws {
        let scratch = try Scratch()
        let small = try Media.small()
        let report = try run(
            description([small, small]) {
                $0.input.join = true
                $0.output.video = false
                $0.results = [scratch.path("r.csv"), scratch.path("r.ndjson")]
            })
        #expect(report.jobs.count == 1)
        #expect(report.jobs.first?.counts.decoded == 100)
        let lines = try String(contentsOfFile: scratch.path("r.ndjson"), encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 100)
        #expect(lines[50].contains("\"frame\":50,\"pts\":0,\"time\":2.0"))
    }

    /// The skipped start of each file leaves no gap in the frames or in the timeline.
    @Test func aJoinedRecordingOfPartsHasNoGaps() throws {
        let scratch = try Scratch()
        let small = try Media.small()
        let path = scratch.path("o.mp4")
        _ = try run(
            description([small, small, small]) {
                $0.input.join = true
                $0.input.start = 1
                $0.output.path = path
                $0.results = [scratch.path("r.csv"), scratch.path("r.ndjson")]
            })
        let timestamps = try MediaFacts(path).timestamps
        #expect(timestamps.count == 75)
        #expect(zip(timestamps, timestamps.dropFirst()).allSatisfy { abs($1 - $0 - 0.04) < 0.001 })
        let lines = try String(contentsOfFile: scratch.path("r.ndjson"), encoding: .utf8)
            .split(separator: "\n")
        for (frame, time) in [(0, "1.0"), (25, "2.0"), (50, "3.0")] {
            #expect(lines[frame].contains("\"frame\":\(frame),\"pts\":"))
            #expect(lines[frame].contains("\"time\":\(time)"))
        }
    }

    @Test func aPartWithoutFramesIsAnError() throws {
        let scratch = try Scratch()
        let small = try Media.small()
        for (start, duration) in [(99.0, nil), (0, 0.0)] as [(Double, Double?)] {
            let messages = Messages()
            let report = try run(
                description([small]) {
                    $0.input.start = start
                    $0.input.duration = duration
                    $0.output.video = false
                    $0.results = [scratch.path("r.csv")]
                }, messages)
            #expect(report.reason == .noVideo)
            #expect(messages.all.contains("--start"))
            #expect(scratch.names == [])
        }
    }

    /// Two files may lose the same number of frames, which must not count as one loss reported twice.
    @Test func lossesOfJoinedFilesAreAddedUp() throws {
        let cut = try Media.cutOpen()
        let lost = [1, 2].map { count in
            (try? run(
                description(Array(repeating: cut, count: count)) {
                    $0.input.join = true
                    $0.output.video = false
                    $0.results = ["-"]
                }))?.jobs.first?.warnings.compactMap { warning in
                    warning.contains("at the start referenced")
                        ? warning.split(separator: " ").first.flatMap { Int($0) } : nil
                } ?? []
        }
        let once = try #require(lost[0].first)
        #expect(once > 0 && lost == [[once], [2 * once]])
    }

    @Test func errorsOfTheDescriptionShowBeforeAnyWork() throws {
        let small = try Media.small()
        let mistakes: [(ExitReason, (inout DetectDescription) -> Void)] = [
            (.model, { $0.model.name = "none" }),
            (.usage, { $0.objects.classes = ["unicorn"] }),
            (.usage, { $0.input.sources = [] }),
            (.notFound, { $0.input.sources = ["@/nowhere/list"] }),
            (
                .usage,
                {
                    $0.input.join = true
                    $0.input.sources = ["a.png"]
                }
            ),
        ]
        for (reason, mistake) in mistakes {
            do throws(RunError) {
                _ = try DetectRun(
                    description([small], mistake), console: Messages().console(), stop: StopSignal()
                )
                Issue.record("\(reason) was not noticed")
            } catch {
                #expect(error.reason == reason)
            }
        }
    }

    @Test func credentialsAreNotPrinted() throws {
        let messages = Messages()
        _ = try run(
            description(["rtsp://me:secret@127.0.0.1:9/x"]) {
                $0.output.video = false
                $0.results = ["-"]
                $0.input.liveFor = 1
            }, messages)
        #expect(messages.all.contains("127.0.0.1"))
        #expect(!messages.all.contains("secret"))
    }
}
