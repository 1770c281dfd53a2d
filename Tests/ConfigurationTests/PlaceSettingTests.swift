import Analytics
import Scene
import Testing

@testable import Configuration

struct PlaceSettingTests {
    private func detect(_ yaml: String) throws -> DetectDescription {
        let file = try PipelineFile(
            "command: detect\ninput: {sources: [a.mp4]}\n" + yaml, name: "a.yaml")
        guard case .detect(let description) = file.content else {
            throw SettingError(message: "no detect")
        }
        return description
    }

    private func problems(_ yaml: String) -> String {
        do {
            _ = try detect(yaml)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private let yaml = """
        zones:
          - name: driveway
            label: "Drive; way \\"A\\""
            points: [[0.10,0.55],[0.62,0.48],[0.95,1.0],[0,1.0]]
            classes: [person, car]
            anchor: center
            enter-after: 0.5s
            leave-after: 2
            loiter: {person: 15s, car: 1m}
            loiter-standing: [car]
            crowd: 5
        lines:
          - name: stopline
            points: [[0.2,0.7],[0.5,0.68],[0.8,0.66]]
            names: {in: northbound, out: southbound}
            band: 0.2
        counts: {file: "counts.csv", every: 15m, crossings: crossings.csv, heat-map: [h.png]}
        events: {file: seen.ndjson}
        objects:
          min-size: {person: 0.1, car: 0.05}
          max-size: 0.9
          ignore: [[0, 0.9, 1, 0.1], [[0,1],[0.5,0.6],[1,1]]]

        """

    @Test func zonesAndLinesAreReadFromYAML() throws {
        let read = try detect(yaml)
        let zone = try #require(read.zones.first)
        #expect(zone.label == "Drive; way \"A\"")
        #expect(zone.points.map(\.x) == [0.1, 0.62, 0.95, 0])
        #expect(zone.classes == ["person", "car"] && zone.anchor == .center)
        #expect(zone.enterAfter == 0.5 && zone.leaveAfter == 2 && zone.crowd == 5)
        #expect(
            zone.loiter["person"] == 15 && zone.loiter["car"] == 60 && zone.loiter["bus"] == nil)
        #expect(zone.loiterStanding == ["car"])
        let line = try #require(read.lines.first)
        #expect(line.points.count == 3 && line.band == 0.2)
        #expect(line.names == [.in: "northbound", .out: "southbound"])
        #expect(read.counts.every == 900 && read.counts.heatMaps == ["h.png"])
        #expect(read.objects.leastSize["car"] == 0.05 && read.objects.mostSize["bus"] == 0.9)
        #expect(read.objects.ignored.map(\.description) == ["0.0,0.9,1.0,0.1", "0,1 0.5,0.6 1,1"])
    }

    @Test func theCommandLineSaysTheSame() throws {
        var description = DetectDescription()
        try description.set("input.sources", to: ["a.mp4"])
        try description.set(
            "zones",
            to: [
                "driveway=0.10,0.55 0.62,0.48 0.95,1 0,1; label=\"Drive; way \\\"A\\\"\"; classes=person,car; "
                    + "anchor=center; enter-after=0.5s; leave-after=2; loiter=person:15s,car:1m; "
                    + "loiter-standing=car; crowd=5"
            ])
        try description.set(
            "lines",
            to: [
                "stopline=0.2,0.7 0.5,0.68 0.8,0.66; names=in:northbound,out:southbound; band=0.2"
            ])
        try description.set("objects.min-size", to: ["person:0.1,car:0.05"])
        try description.set("objects.max-size", to: ["0.9"])
        try description.set("objects.ignore", to: ["0,0.9,1,0.1", "0,1 0.5,0.6 1,1"])
        let read = try detect(yaml)
        #expect(description.zones == read.zones && description.lines == read.lines)
        #expect(description.objects == read.objects)
    }

    @Test func printedFileReadsBackEqual() throws {
        let read = try detect(yaml)
        let printed = PipelineText.yaml(read)
        #expect(printed.contains("  - name: driveway\n    points: [[0.1, 0.55], [0.62, 0.48]"))
        let again = try PipelineFile(printed, name: "again.yaml")
        #expect(again.content == .detect(read))
    }

    @Test func camerasHaveTheirOwnZonesOrThoseOfAll() throws {
        let text = """
            command: live
            zones: [{name: all, points: [[0,0],[1,0],[1,1]]}]
            cameras:
              - name: gate
                source: rtsp://a/1
              - name: yard
                source: rtsp://a/2
                zones: []
                lines: [{name: door, points: [[0,0.5],[1,0.5]]}]
            """
        let file = try PipelineFile(text, name: "live.yaml")
        guard case .live(let live) = file.content else {
            Issue.record("no live")
            return
        }
        #expect(live.cameras.map { $0.zones.map(\.name) } == [["all"], []])
        #expect(live.cameras.map { $0.lines.map(\.name) } == [[], ["door"]])
        let again = try PipelineFile(PipelineText.yaml(live), name: "again.yaml")
        #expect(again.content == file.content)
    }

    @Test(
        arguments: [
            ("zones: [{name: a, points: [[0,0],[1,1],[1,0],[0,1]]}]", "crosses itself"),
            ("zones: [{name: a, points: [[0,0],[1,1]]}]", "3 to 64 points, not 2"),
            ("zones: [{name: a, points: [[0,0],[1.2,1],[1,0]]}]", "fractions from 0 to 1"),
            ("lines: [{name: a, points: [[0,0],[0,0]]}]", "same point twice"),
            ("lines: [{name: a, points: [[0,0],[1,0],[0.5,0]]}]", "crosses itself"),
            ("lines: [{name: a b, points: [[0,0],[1,0]]}]", "letters, digits"),
            ("lines: [{name: a, pionts: [[0,0],[1,0]]}]", "did you mean \"points\"?"),
            ("lines: [{points: [[0,0],[1,0]]}]", "no name"),
            ("lines: [{name: a, points: [[0,0],[1,0]], anchor: top}]", "top-center"),
            ("lines: [{name: a, points: [[0,0],[1,0]], names: {up: a}}]", "in:northbound"),
            (
                "lines: [{name: a, points: [[0,0],[1,0]]}, {name: a, points: [[0,0],[1,0]]}]",
                "called \"a\""
            ),
            ("counts: {file: c.csv}", "nothing to count"),
            ("counts: {crossings: c.csv}", "nothing to cross"),
            ("counts: {heat-map: [heat.svg]}", ".png or .csv"),
            ("objects: {ignore: [[[0,0],[1,1]]]}", "3 to 64"),
            ("zones: 5", "NAME=POINTS"),
            ("zones: [[1, 2]]", "list of plain values"),
        ])
    func wrongPlacesAreRefusedWithAReason(yaml: String, reason: String) {
        let found = problems(yaml)
        #expect(found.contains(reason), "\(found)")
    }

    @Test func zonesMayNotHaveTheNameOfACamera() {
        let text = """
            command: live
            cameras:
              - {name: gate, source: "rtsp://a/1", zones: [{name: gate, points: [[0,0],[1,0],[1,1]]}]}
            """
        #expect(throws: PipelineFile.Problems.self) { try PipelineFile(text, name: "a.yaml") }
    }

    @Test func itemTextsSurviveAnyLabel() throws {
        for label in ["a; b=c", "\"", "\\", " x ", "a\\\"; b", "😀;\""] {
            var zone = ZoneDescription()
            zone.name = "z"
            zone.points = [(0, 0), (1, 0), (1, 1)].map { FramePoint(x: $0.0, y: $0.1) }
            zone.label = label
            let text = ItemText.write(zone, by: ZoneSettingTable.all)
            let read = try ItemText.read(text, into: ZoneDescription(), by: ZoneSettingTable.all)
            #expect(read == zone, "\(text)")
        }
    }
}
