import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// The page in a real browser.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct BrowserTests {
    private static let browser: String? = {
        let found = ["chromium", "chromium-browser", "google-chrome"].first {
            Program.run($0, ["--version"]).status == 0
        }
        if found == nil { print("SKIPPED: no Chromium (.ci/install tests)") }
        return found
    }()

    @Test func theBrowserShowsFramesWithoutErrors() throws {
        guard let browser = Self.browser else { return }
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let scratch = try Scratch()
        var description = LiveDescription()
        description.model.inputSize = PictureSize(width: 320, height: 192)
        description.page.address = "127.0.0.1:0"
        description.record.folder = scratch.path("rec")
        description.duration = 60
        try description.set(
            "cameras", to: ["gate=\(camera.address())", "gone=rtsp://127.0.0.1:9/x"])
        let lines = Lock<[String]>([])
        let console = Console(isQuiet: false, isTerminal: false) { line in
            lines.withLock { $0.append(line) }
        }
        let stop = StopSignal()
        let run = try LiveRun(description, console: console, stop: stop)
        let worker = try Worker<LiveReport, Never>(name: "run") { run.run() }
        defer {
            stop.ask()
            _ = worker.join()
        }
        let url = try #require(address(in: lines))
        let ended = try Command([
            browser, "--headless", "--virtual-time-budget=6000", "--no-sandbox", "--disable-gpu",
            "--enable-logging=stderr",
            "--user-data-dir=\(scratch.path("profile"))", "--window-size=800,900",
            "--screenshot=\(scratch.path("page.png"))", url,
        ]).run()
        let complaints = ended.standardError.split(separator: "\n").filter {
            $0.contains("CONSOLE")
        }
        #expect(complaints.isEmpty, "\(complaints)")
        #expect(try MediaFacts(scratch.path("page.png")).size == [800, 900])
        #expect(
            try colours(scratch.path("page.png")) > 2000, "the camera's frame is missing")
    }

    private func address(in lines: Lock<[String]>) -> String? {
        for _ in 0..<100 {
            let found = lines.withLock { $0.first { $0.hasPrefix("The page is at ") } }
            if let found {
                return found.split(separator: " ").last.map { $0.filter { $0 != "\n" } }
            }
            usleep(50_000)
        }
        return nil
    }

    /// Number of colours in the upper half of an image; a page without frames has few.
    private func colours(_ path: String) throws -> Int {
        let ended = try Command(["ffmpeg", "-v", "error", "-i", path]).run([
            "-vf", "crop=iw:ih/2:0:0", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ])
        let bytes = [UInt8](ended.data)
        var pixels: Set<[UInt8]> = []
        for start in stride(from: 0, to: bytes.count - 2, by: 3) {
            pixels.insert([bytes[start], bytes[start + 1], bytes[start + 2]])
        }
        return pixels.count
    }
}
