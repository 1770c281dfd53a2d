import EventStore
import Flow
import Foundation
import Pipeline
import Synchronization
import TestSupport
import Testing
import Video

@testable import Configuration
@testable import Live

/// Runs over pretended cameras, end to end.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct LiveRunTests {
    /// Lines printed during a run.
    private final class PrintedLines: Sendable {
        let lines = Mutex<[String]>([])

        var console: Console {
            Console(isQuiet: false, isTerminal: false) { line in
                self.lines.withLock { $0.append(line) }
            }
        }
    }

    private func description(
        _ cameras: [(name: String, source: String)], for seconds: Double
    ) -> LiveDescription {
        var description = LiveDescription()
        description.duration = seconds
        description.model.inputSize = PictureSize(width: 320, height: 192)
        description.connection.open = 3
        description.connection.firstFrame = 3
        description.connection.silence = 1
        description.cameras = cameras.enumerated().map { index, camera in
            var described = description.newCamera(number: index + 1)
            (described.name, described.source) = camera
            return described
        }
        return description
    }

    private func run(
        _ description: LiveDescription, _ printedLines: PrintedLines = PrintedLines(),
        stop: StopSignal = StopSignal()
    ) throws -> LiveReport {
        try LiveRun(
            description, environment: ["TOKEN": "0123456789abcdef"],
            console: printedLines.console, stop: stop
        ).run()
    }

    @Test func twoCamerasAreWatchedAndEveryFrameIsAccountedFor() throws {
        let view = try Media.cameraView()
        let (front, back) = (
            try CameraServer(CameraScript(view)), try CameraServer(CameraScript(view))
        )
        let report = try run(
            description([("front", front.address()), ("back", back.address())], for: 4))
        #expect(report.reason == .done, "\(report.closing)")
        for camera in report.cameras {
            #expect(camera.state == .watching)
            #expect(camera.counts.check())
            #expect(camera.counts.decoded > 40)
            #expect(camera.counts.detected > 10)
            #expect(camera.counts.droppedTotal == 0)
            #expect(camera.losses == 0 && camera.connections == 1)
            #expect((camera.width, camera.height) == (320, 192))
            #expect(camera.codec == "h264" && camera.transport == .tcp)
            // FFmpeg gives the first frame of an RTSP session no timestamp.
            #expect(camera.report.missingTimestamps <= 1 && camera.report.repairedTimestamps == 0)
            #expect(camera.report.damagedFrames == 0 && camera.report.skippedFrames == 0)
        }
    }

    @Test func damagedImagesOfAnMJPEGCameraAreCounted() throws {
        let scratch = try Scratch()
        let images = scratch.path("images.mjpeg")
        let made = Program.run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x192:rate=10:duration=1",
                "-c:v", "mjpeg", "-f", "mjpeg", images,
            ])
        #expect(made.status == 0)
        // The first of ten images loses its second half to zeros.
        var bytes = [UInt8](try Data(contentsOf: scratch.file("images.mjpeg")))
        let second = try #require(
            (3..<bytes.count).first { bytes[$0...].starts(with: [0xFF, 0xD8, 0xFF]) })
        for index in second / 2..<second - 2 { bytes[index] = 0 }
        try scratch.write("images.mjpeg", Data(bytes))
        let source = try WebSource(scratch.url.path, images: images, rate: 10)
        let report = try run(description([("gate", source.camera(.parts))], for: 5))
        let camera = try #require(report.cameras.first)
        #expect(camera.counts.decoded > 20)
        let share = Double(camera.report.damagedFrames) / Double(camera.counts.decoded)
        #expect(camera.report.damagedFrames >= 2 && share < 0.25, "\(camera.report)")
    }

    @Test func objectsEndWhenTheirCameraStaysAway() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let scratch = try Scratch()
        var live = description([("gate", camera.address())], for: 60)
        live.events.file = scratch.path("seen.ndjson")
        let running = try RunningLive(live)
        let lines = { (kind: String) in
            let text = try? String(contentsOfFile: scratch.path("seen.ndjson"), encoding: .utf8)
            return (text ?? "").split(separator: "\n")
                .count { $0.contains("\"event\":\"\(kind)\"") }
        }
        running.wait(15) { lines("begin") > 0 }
        camera.stop()
        running.wait(15) { lines("begin") > 0 && lines("end") == lines("begin") }
        #expect(lines("begin") > 0 && lines("end") == lines("begin"))
        #expect(running.end().cameras[0].state == .lost)
    }

    @Test func aPageThatCannotBeServedEndsTheRun() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        var live = description([("gate", camera.address())], for: 20)
        live.page.address = "127.0.0.1:\(camera.port)"
        let report = try run(live)
        #expect(report.reason == .notWritable && report.seconds < 10, "\(report)")
        live.page.address = "localhost.example:0"
        live.page.tokenVariable = "TOKEN"
        #expect(try run(live).reason == .usage)
    }

    @Test func aLostCameraDoesNotAffectOthers() throws {
        let view = try Media.cameraView()
        let good = try CameraServer(CameraScript(view))
        let gone = try CameraServer(CameraScript(view))
        gone.stop()
        let printedLines = PrintedLines()
        let report = try run(
            description([("good", good.address()), ("gone", gone.address("me:secret"))], for: 4),
            printedLines)
        #expect(report.reason == .someFailed)
        #expect(report.cameras[0].counts.decoded > 40)
        #expect(report.cameras[0].losses == 0)
        #expect(report.cameras[1].state == .lost)
        #expect(report.cameras[1].reason?.contains("refused") == true)
        let printed = printedLines.lines.withLock { $0 }
        // The camera is tried again, but the same reason is printed once.
        #expect(printed.count { $0.hasPrefix("gone: lost") } == 1, "\(printed)")
        #expect(!printed.joined().contains("secret"))
        #expect(!(report.cameras[1].reason ?? "").contains("secret"))
        #expect(!report.cameras[1].source.contains("secret"))
    }

    @Test func aDisconnectedCameraIsReadAgainAndFrameCountsAddUp() throws {
        let view = try Media.cameraView()
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            if session < 2 { script.faults = [.disconnect(frame: 20)] }
            return script
        }
        let report = try run(description([("door", camera.address())], for: 6))
        #expect(report.reason == .done, "\(report.closing)")
        #expect(report.cameras[0].connections == 3)
        #expect(report.cameras[0].losses == 2)
        #expect(report.cameras[0].state == .watching)
    }

    @Test func underLoadDetectionRateDropsEvenlyAndTrackingIsUnaffected() throws {
        let view = try Media.cameraView()
        let servers = try (0..<4).map { _ in try CameraServer(CameraScript(view)) }
        var description = description(
            servers.enumerated().map { ("camera-\($0)", $1.address()) }, for: 8)
        description.detectors = 1
        // Inference takes so long that four cameras of 25 frames/s cannot all be served.
        for index in description.cameras.indices {
            description.cameras[index].model.inputSize = PictureSize(width: 1280, height: 1280)
        }
        let run = try LiveRun(description, console: PrintedLines().console, stop: StopSignal())
        let ages = Mutex<[Double]>([])
        let watcher = try Worker<Void, Never>(name: "watcher") {
            usleep(4_000_000)
            for _ in 0..<60 {
                usleep(50_000)
                ages.withLock { $0 += run.statuses.compactMap(\.age) }
            }
        }
        let report = run.run()
        watcher.join()
        #expect(report.reason == .done, "\(report.closing)")
        let detected = report.cameras.map(\.counts.detected)
        let (least, most) = (detected.min() ?? 0, detected.max() ?? 0)
        #expect(least > 0 && most - least <= max(2, most / 4), "\(detected)")
        for camera in report.cameras {
            #expect(camera.superseded > 0)
            #expect(camera.losses == 0)
            #expect(camera.counts.droppedTotal == 0)
            #expect(camera.counts.tracked > camera.counts.detected)
        }
        // Tracked frames are never older than two frame intervals, however slow the detector is.
        let sorted = ages.withLock { $0.sorted() }
        try #require(sorted.count > 100)
        #expect(sorted[sorted.count * 9 / 10] < 0.12, "\(sorted.suffix(10))")
    }

    @Test func aStopEndsTheRunWithinASecondWhateverTheCamerasDo() throws {
        let view = try Media.cameraView()
        var frozen = CameraScript(view)
        frozen.faults = [.freeze(seconds: 100, frame: 5)]
        let (bad, gone) = (try CameraServer(frozen), try CameraServer(CameraScript(view)))
        gone.stop()
        var description = description(
            [("frozen", bad.address()), ("gone", gone.address())], for: 100)
        for index in description.cameras.indices {
            description.cameras[index].connection.silence = 60
        }
        let stop = StopSignal()
        let asked = Mutex(0.0)
        Thread.detachNewThread {
            usleep(3_000_000)
            asked.withLock { $0 = ProcessInfo.processInfo.systemUptime }
            stop.ask()
        }
        let report = try run(description, stop: stop)
        #expect(ProcessInfo.processInfo.systemUptime - asked.withLock { $0 } < 1)
        #expect(report.cameras.allSatisfy { $0.counts.check() })
    }

    @Test func objectsThatAppearAndDisappearAreWrittenWithSnapshots() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let scratch = try Scratch()
        var description = description([("road", camera.address())], for: 6)
        description.events.file = scratch.path("events.ndjson")
        description.events.snapshots = scratch.path("seen")
        let report = try run(description)
        #expect(report.reason == .done, "\(report.closing)")
        let text = try String(contentsOfFile: scratch.path("events.ndjson"), encoding: .utf8)
        let events = try text.split(separator: "\n").map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let ids = { (kind: String) in
            events.filter { $0["event"] as? String == kind }.compactMap { $0["id"] as? Int }
        }
        #expect(!ids("begin").isEmpty)
        #expect(ids("begin").sorted() == ids("end").sorted())
        let snapshots = events.compactMap { $0["snapshot"] as? String }
        #expect(snapshots.count >= ids("begin").count / 2)
        for name in snapshots.prefix(3) {
            #expect(try MediaFacts(scratch.path("seen/\(name)")).size == [320, 192])
        }
    }

    @Test func eventStoreHoldsWhatTheFileOfEventsHolds() throws {
        let scratch = try Scratch()
        var description = description([("road", try Media.cameraMovie())], for: 6)
        description.events.file = scratch.path("events.ndjson")
        description.store.folder = scratch.path("store")
        let report = try run(description)
        #expect(report.reason == .done, "\(report.closing)")
        let text = try String(contentsOfFile: scratch.path("events.ndjson"), encoding: .utf8)
        let reader = try StoreReader(StoreFolder(scratch.path("store")))
        var query = EventQuery()
        query.limit = 500
        let stored = try reader.events(query).rows
        #expect(!stored.isEmpty)
        #expect(Set(stored.map(\.json)) == Set(text.split(separator: "\n").map(String.init)))
        let objects = try reader.objects(ObjectQuery()).rows
        #expect(objects.allSatisfy { $0.end != nil && $0.width == 320 && $0.camera == "road" })
        #expect(objects.contains { $0.hasPicture })
        let key = try #require(objects.first { $0.hasPicture }).key
        let picture = try #require(try reader.picture(of: key))
        #expect(picture.starts(with: [0xFF, 0xD8]) && picture.count < 100_000)
    }

    @Test func aRecordingIsPlayedAtItsOwnSpeed() throws {
        let file = try Media.cameraMovie()
        let report = try run(description([("file", file)], for: 4))
        #expect(report.reason == .done)
        #expect((60...110).contains(report.cameras[0].counts.decoded), "\(report.closing)")
    }
}
