import Analytics
import Flow
import Foundation
import Pipeline
import Scene
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// The editor of zones and lines in a real browser.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ZonesBrowserTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Runs steps on the editor of a frame of a file.
    private func edit(
        _ steps: [(String, Any)], _ more: (inout DetectDescription) throws -> Void = { _ in },
        size: String = "1280x800"
    ) throws -> Browser.Outcome {
        var description = DetectDescription()
        try more(&description)
        let page = try FilePlacesPage(
            try Media.small(), at: 1, page: "127.0.0.1:0", description)
        let stop = StopSignal()
        let address = Lock("")
        let worker = try Worker<Void, Never>(name: "zones") {
            try? page.serve(until: stop) { text in address.withLock { $0 = text } }
        }
        defer {
            stop.ask()
            worker.join()
        }
        while address.withLock({ $0.isEmpty }) { usleep(10_000) }
        let url = address.withLock { $0 }
        let all: [(String, Any)] =
            [
                ("open", url),
                ("wait", "typeof shapes !== 'undefined' && frame.naturalWidth === 160"),
            ]
            + steps
        let outcome = try #require(try Browser.run(all, in: scratch, size: size))
        #expect(outcome.complaints.isEmpty, "\(outcome.complaints)")
        #expect(outcome.unmet.isEmpty, "\(outcome.unmet)")
        return outcome
    }

    /// The shape that a pipeline file with the copied text describes.
    private func read(_ yaml: String) throws -> DetectDescription {
        let text = "command: detect\ninput: { sources: [a.mp4] }\n" + yaml
        let content = try PipelineFile(text, name: "f.yaml", overrides: []).content
        guard case .detect(let description) = content else { return DetectDescription() }
        return description
    }

    /// Place of a handle on the page, and of a point in fractions of the picture, by JavaScript.
    private static let helpers = """
        window.spot = (index) => { const box = picture.querySelectorAll('.handle')[index].getBoundingClientRect();
          return [box.left + box.width / 2, box.top + box.height / 2]; };
        window.at = (x, y) => { const box = picture.getBoundingClientRect();
          return [box.left + x * box.width, box.top + y * box.height]; };
        window.middle = (id) => { const box = document.getElementById(id).getBoundingClientRect();
          return [box.left + box.width / 2, box.top + box.height / 2]; };
        window.pull = (handle, x, y, kind = 'mouse') => { const from = spot(handle), to = at(x, y);
          const element = picture.querySelectorAll('.handle')[handle];
          const send = (name, [clientX, clientY]) => element.dispatchEvent(new PointerEvent(name,
            { clientX, clientY, pointerId: 1, pointerType: kind, bubbles: true, cancelable: true }));
          element.setPointerCapture = () => {};
          send('pointerdown', from); send('pointermove', to); send('pointerup', to); }
        """

    @Test func drawnZoneAndLineAreWhatThePipelineFileReads() throws {
        guard Browser.program != nil else { return }
        let pictures =
            ProcessInfo.processInfo.environment["THUNDERLINE_PICTURES"] ?? scratch.url.path
        let seen = try edit([
            ("evaluate", Self.helpers),
            ("evaluate", "document.getElementById('add-zone').click()"),
            (
                "evaluate",
                "pull(0, 0.1, 0.2); pull(1, 0.6, 0.25); pull(2, 0.7, 0.9); pull(3, 0.05, 1)"
            ),
            // A dot between two points becomes a point.
            ("evaluate", "pull(4, 0.35, 0.1)"),
            (
                "evaluate",
                "nameField.value = 'driveway'; nameField.dispatchEvent(new Event('input'))"
            ),
            ("evaluate", "document.getElementById('add-line').click()"),
            ("evaluate", "pull(0, 0.2, 0.7); pull(1, 0.8, 0.65)"),
            ("evaluate", "document.getElementById('swap').click()"),
            ("screenshot", "\(pictures)/zones.png"),
            ("evaluate", "document.getElementById('yaml').value"),
            ("drag", "[middle('copy')]"),
            ("wait", "document.getElementById('copied').textContent === 'copied'"),
        ])
        let description = try read(seen["evaluate", 8])
        #expect(
            description.zones.map(\.name) == ["driveway"]
                && description.lines.map(\.name) == ["line-1"])
        let zone = description.zones[0].points.map { [$0.x, $0.y] }
        #expect(zone == [[0.1, 0.2], [0.35, 0.1], [0.6, 0.25], [0.7, 0.9], [0.05, 1]])
        #expect(description.lines[0].points.map { [$0.x, $0.y] } == [[0.8, 0.65], [0.2, 0.7]])
    }

    @Test func realPointerDragsAPointAndKeysMoveAndRemoveIt() throws {
        guard Browser.program != nil else { return }
        let add: (inout DetectDescription) throws -> Void = {
            try $0.set("lines", to: ["stop=0.2,0.2 0.5,0.5 0.8,0.2; names=in:north,out:south"])
        }
        let seen = try edit(
            [
                (
                    "evaluate",
                    "[...document.querySelectorAll('.direction')].map((one) => one.textContent).join()"
                ),
                ("evaluate", Self.helpers), ("drag", "[spot(1), at(0.6, 0.7), at(0.5, 0.6)]"),
                ("evaluate", "JSON.stringify(shapes[0].points[1])"),
                ("evaluate", "picture.querySelectorAll('.handle')[1].focus()"),
                ("key", "ArrowRight"), ("key", "ArrowDown"),
                ("evaluate", "JSON.stringify(shapes[0].points[1])"),
                ("key", "Delete"), ("wait", "shapes[0].points.length === 2"),
                ("key", "Delete"), ("evaluate", "yaml()"),
            ], add)
        #expect(seen["evaluate", 0] == "north" && seen["evaluate", 2] == "[0.5,0.6]")
        #expect(seen["evaluate", 4] == "[0.505,0.605]")
        let line = try read(seen["evaluate", 5]).lines[0]
        #expect(line.points.count == 2 && line.names == [.in: "north", .out: "south"])
    }

    @Test func fingersDragPointsOnAPhone() throws {
        guard Browser.program != nil else { return }
        let pictures =
            ProcessInfo.processInfo.environment["THUNDERLINE_PICTURES"] ?? scratch.url.path
        let seen = try edit(
            [
                ("scheme", "dark"), ("evaluate", Self.helpers),
                ("evaluate", "document.getElementById('add-line').click()"),
                ("evaluate", "pull(0, 0.3, 0.3, 'touch'); JSON.stringify(shapes[0].points[0])"),
                ("evaluate", "document.documentElement.scrollWidth"),
                ("screenshot", "\(pictures)/zones-phone.png"),
            ], size: "390x844")
        #expect(seen["evaluate", 2] == "[0.3,0.3]")
        #expect(Int(seen["evaluate", 3]).map { $0 <= 390 } == true)
    }
}
