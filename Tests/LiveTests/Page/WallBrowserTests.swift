import Flow
import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import EventStore
@testable import Live

/// The wall of cameras in a real browser.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct WallBrowserTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Three cameras that play a film and one that is lost, with events of yesterday and today.
    private func start() throws -> RunningLive {
        var description = LiveDescription()
        description.model.inputSize = PictureSize(width: 320, height: 192)
        description.store.folder = scratch.path("store")
        // Nothing in the film, whose events would follow those below.
        description.objects.classes = ["bicycle"]
        let film = try Media.cameraMovie()
        try description.set("zones", to: ["yard=0,0.5 1,0.5 1,1 0,1"])
        try description.set("lines", to: ["stop=0,0.6 1,0.6; names=in:north,out:south"])
        try description.set(
            "cameras",
            to: ["gate=\(film)", "yard-2=\(film)", "road=\(film)", "gone=rtsp://127.0.0.1:9/x"])
        let live = try RunningLive(description)
        let writer = try #require(live.run.store).writer
        let now = Int(Date().timeIntervalSince1970 * 1000)
        let midnight = Calendar.current.startOfDay(for: Date()).timeIntervalSince1970
        let yesterday = Int(midnight - 43_200) * 1000
        for (track, time) in [yesterday, yesterday + 1, now - 2, now - 1, now].enumerated() {
            let text = EventRecord.text(Date(timeIntervalSince1970: Double(time) / 1000))
            let name = track % 2 == 0 ? "car" : "person"
            let json =
                "{\"time\":\"\(text)\",\"camera\":\"gate\",\"event\":\"begin\",\"id\":\(track),"
                + "\"class\":\"\(name)\",\"seconds\":0}"
            var event = NewEvent(
                camera: "gate", className: name, kind: "begin", track: track, time: time,
                score: 0.8, box: "[1,2,3,4]", json: json)
            if track > 1 {
                event.picture = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try picture())))
            }
            writer.post(event)
        }
        live.wait(30) { writer.counts.written >= 5 && live.run.statuses[0].counts.decoded > 0 }
        return live
    }

    private func picture() throws -> String {
        let path = scratch.path("picture.jpg")
        _ = try Command(["ffmpeg", "-v", "error", "-y"]).run([
            "-f", "lavfi", "-i", "testsrc2=size=320x180", "-frames:v", "1", path,
        ])
        return path
    }

    @Test func wallFillsTheWindowAndACameraIsEnlargedWithItsCounts() throws {
        guard Browser.program != nil else { return }
        let live = try start()
        let page = try #require(live.page)
        let pictures =
            ProcessInfo.processInfo.environment["THUNDERLINE_PICTURES"] ?? scratch.url.path
        let columns =
            "getComputedStyle(document.getElementById('cameras')).gridTemplateColumns.split(' ').length"
        let seen = try #require(
            try Browser.run(
                [
                    ("open", "\(page)/"), ("wait", "tiles.size === 4"),
                    (
                        "wait",
                        "[...document.querySelectorAll('.video img')].filter((one) => one.naturalWidth > 0).length === 3"
                    ),
                    ("wait", "document.querySelectorAll('#events li:not(.separator)').length >= 5"),
                    ("evaluate", columns),
                    ("evaluate", "document.querySelectorAll('#events .separator').length"),
                    (
                        "wait",
                        "[...document.querySelectorAll('#events img')].some((one) => one.naturalWidth === 320)"
                    ),
                    ("wait", "document.querySelectorAll('#chart-detections .grid').length === 3"),
                    (
                        "evaluate",
                        "document.getElementById('cameras').getBoundingClientRect().bottom <= innerHeight"
                    ),
                    ("screenshot", "\(pictures)/wall.png"),
                    ("evaluate", "enlarge('gate')"),
                    ("wait", "large.querySelector('img').naturalWidth > 0"),
                    ("wait", "document.getElementById('counts').rows.length === 3"),
                    ("evaluate", "document.getElementById('counts').innerText"),
                    ("screenshot", "\(pictures)/enlarged.png"),
                    ("key", "ArrowRight"),
                    ("wait", "document.getElementById('large-name').textContent === 'yard-2'"),
                    ("key", "Escape"), ("wait", "!large.open"),
                    ("open", "\(page)/zones?camera=gate"),
                    ("wait", "shapes.length === 2 && frame.naturalWidth > 0"),
                    (
                        "wait",
                        "/\\d inside[^]*\\d north, \\d south/.test(document.getElementById('shapes').innerText)"
                    ),
                    ("size", [390, 844]), ("scheme", "dark"), ("open", "\(page)/"),
                    ("wait", "tiles.size === 4"),
                    ("evaluate", "document.documentElement.scrollWidth"), ("evaluate", columns),
                    ("screenshot", "\(pictures)/wall-phone.png"),
                ], in: scratch, size: "1600x900"))
        #expect(seen.unmet.isEmpty, "\(seen.unmet)")
        #expect(seen.complaints.isEmpty, "\(seen.complaints)")
        #expect(seen["evaluate", 0] == "2" && seen["evaluate", 1] == "2")
        #expect(seen["evaluate", 2] == "1", "the wall is higher than the window")
        #expect(seen["evaluate", 4].contains("north") && seen["evaluate", 4].contains("inside"))
        #expect(Int(seen["evaluate", 5]).map { $0 <= 390 } == true)
        #expect(seen["evaluate", 6] == "1")
        _ = live.end()
    }
}
