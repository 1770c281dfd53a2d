import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import EventStore
@testable import Live

/// The review page in a real browser.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ReviewBrowserTests {
    private let scratch: Scratch
    /// 2026-11-30 12:00:00 UTC.
    private static let noon = 1_796_040_000_000

    init() throws { scratch = try Scratch() }

    /// A recording of 20 s in which a white box moves, and its results in pixels of a watched video of half the size.
    private func record() throws {
        let stem = scratch.path("rec/gate/gate-20261130T120000.000Z")
        try FileManager.default.createDirectory(
            atPath: scratch.path("rec/gate"), withIntermediateDirectories: true)
        _ = try Command(["ffmpeg", "-v", "error"]).run([
            "-f", "lavfi", "-i", "color=black:size=640x360:rate=25:duration=20",
            "-f", "lavfi", "-i", "color=white:size=80x60:rate=25:duration=20",
            "-filter_complex", "[0][1]overlay=x='40+20*t':y=120", "-c:v", "libx264", "-g", "25",
            "-pix_fmt", "yuv420p", "\(stem).mp4",
        ])
        let lines = (0..<500).map { number in
            let time = Double(number) / 25
            return "{\"frame\":\(number),\"time\":\(time),\"objects\":[{\"class\":\"car\",\"id\":7,"
                + "\"box\":[\(20 + 10 * time),60,40,30]}]}"
        }
        try lines.joined(separator: "\n").write(
            toFile: "\(stem).ndjson", atomically: true, encoding: .utf8)
    }

    /// A run with a lost camera, whose store holds 30 cars and 10 persons from noon on, two a minute.
    private func start() throws -> RunningLive {
        var description = LiveDescription()
        description.store.folder = scratch.path("store")
        description.record.folder = scratch.path("rec")
        description.cameras = [
            CameraDescription(name: "gate", source: "rtsp://127.0.0.1:9/x")
        ]
        let live = try RunningLive(description)
        let writer = try #require(live.run.store).writer
        let picture = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try picture())))
        for track in 0..<40 {
            let isPerson = track % 4 == 3
            let time = Self.noon + 5000 + track * 30_000
            for kind in ["begin", "cross", "end"] {
                var event = NewEvent(
                    camera: "gate", className: isPerson ? "person" : "car", kind: kind,
                    track: track == 0 ? 7 : 100 + track, time: time, score: 0.8,
                    box: "[60,60,40,30]",
                    json:
                        "{\"time\":\"2026-11-30T12:00:05.000Z\",\"event\":\"\(kind)\",\"line\":\"stop\"}"
                )
                event.size = (320, 180)
                if kind == "begin" { event.picture = picture }
                if kind == "cross" { event.place = .line("stop", direction: "north") }
                writer.post(event)
            }
        }
        live.wait(10) { writer.counts.written == 120 }
        return live
    }

    private func picture() throws -> String {
        let path = scratch.path("picture.jpg")
        _ = try Command(["ffmpeg", "-v", "error"]).run([
            "-f", "lavfi", "-i", "testsrc2=size=320x180", "-frames:v", "1", path,
        ])
        return path
    }

    /// Largest distance in pixels between the sides of the moving box in the video and those drawn over it.
    private static let difference = """
        (async () => {
            video.pause();
            video.currentTime = 6.5;
            // Frames of the seek before may come first.
            await new Promise((done) => {
                const wait = (now, facts) => Math.abs(facts.mediaTime - 6.5) < 0.05
                    ? requestAnimationFrame(() => requestAnimationFrame(done)) : video.requestVideoFrameCallback(wait);
                video.requestVideoFrameCallback(wait);
            });
            const extent = (source, isInside) => {
                const copy = document.createElement("canvas");
                copy.width = 320; copy.height = 180;
                const context = copy.getContext("2d");
                context.drawImage(source, 0, 0, 320, 180);
                const pixels = context.getImageData(0, 0, 320, 180).data;
                let found = [320, 180, 0, 0];
                for (let y = 0; y < 180; y++) for (let x = 0; x < 320; x++) {
                    if (!isInside(pixels, 4 * (y * 320 + x))) continue;
                    found = [Math.min(found[0], x), Math.min(found[1], y), Math.max(found[2], x), Math.max(found[3], y)];
                }
                return found;
            };
            const white = extent(video, (pixels, at) => pixels[at] > 128);
            const drawn = extent(canvas, (pixels, at) => pixels[at + 3] > 200 && at > 4 * 320 * 57);
            return Math.max(...white.map((side, index) => Math.abs(side - drawn[index])));
        })()
        """

    @Test func objectsAreFoundPlayedStarredNotedAndDeleted() throws {
        guard Browser.program != nil else { return }
        try record()
        let live = try start()
        let page = try #require(live.page)
        let pictures =
            ProcessInfo.processInfo.environment["THUNDERLINE_PICTURES"] ?? scratch.url.path
        let cards = "document.querySelectorAll('.card').length"
        let steps: [(String, Any)] = [
            ("open", "\(page)/review?day=2026-11-30"), ("wait", "\(cards) === 40"),
            ("evaluate", "document.querySelectorAll('#hours .stack span').length"),
            ("screenshot", "\(pictures)/review-list.png"),
            ("evaluate", "choose(39)"),
            ("wait", "video.readyState >= 2 && player.frames.length === 500"),
            ("evaluate", Self.difference), ("screenshot", "\(pictures)/review-playing.png"),
            ("key", "s"), ("wait", "objects[chosen].starred"),
            ("key", "n"),
            (
                "evaluate",
                "document.activeElement.value = 'the neighbour'; document.activeElement.blur(); document.querySelector('.note input').dispatchEvent(new Event('change'))"
            ),
            ("wait", "objects[chosen].note === 'the neighbour'"),
            ("key", "k"), ("key", "r"), ("wait", "chosen === 38 && objects[38].reviewed"),
            (
                "evaluate",
                "form.class.value = 'person'; form.class.dispatchEvent(new Event('change', { bubbles: true }))"
            ),
            ("wait", "\(cards) === 10"), ("evaluate", "location.search"),
            ("evaluate", "window.confirm = () => true"), ("key", "j"), ("key", "x"),
            ("wait", "\(cards) === 9"), ("evaluate", "location.href"),
            ("size", [390, 844]), ("scheme", "dark"),
            ("open", "\(page)/review?day=2026-11-30&class=person"), ("wait", "\(cards) === 9"),
            ("key", "j"), ("wait", "!detail.hidden"),
            ("evaluate", "document.documentElement.scrollWidth"),
            ("screenshot", "\(pictures)/review-phone.png"),
        ]
        let seen = try #require(try Browser.run(steps, in: scratch))
        #expect(seen.complaints.isEmpty, "\(seen.complaints)")
        #expect(seen.unmet.isEmpty, "\(seen.unmet)")
        #expect(seen["evaluate", 0] == "2", "classes of the one hour with objects")
        #expect(
            Double(seen["evaluate", 2]).map { $0 <= 2 } == true,
            "boxes are off by \(seen["evaluate", 2]) pixels")
        #expect(
            seen["evaluate", 5].contains("class=person")
                && seen["evaluate", 5].contains("day=2026-11-30"))
        #expect(
            Int(seen["evaluate", 8]).map { $0 <= 390 } == true,
            "the phone scrolls sideways: \(seen["evaluate", 8])")
        let reader = try #require(live.run.store).reader
        let objects = try reader.objects(
            {
                var query = ObjectQuery()
                query.isStarred = true
                return query
            }()
        ).rows
        #expect(objects.map(\.track) == [7] && objects[0].note == "the neighbour")
        _ = live.end()
    }
}
