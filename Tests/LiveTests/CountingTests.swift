import Analytics
import Flow
import Foundation
import Scene
import TestSupport
import Testing
import Video

@testable import Configuration
@testable import Live
@testable import Pipeline

/// Zones and lines of a camera: events, metrics, files.
@Suite(.timeLimit(.minutes(2)))
struct CountingTests {
    private func context() throws -> DetectionContext {
        var description = DetectDescription()
        try description.set("lines", to: ["gate=0,0.5 1,0.5; names=in:up,out:down; classes=car"])
        try description.set("zones", to: ["top=0,0 1,0 1,0.5 0,0.5"])
        return try DetectionContext(description)
    }

    private func camera(_ counts: CountsDescription = CountsDescription()) throws -> Camera {
        let settings = try context()
        return Camera(
            CameraDescription(name: "cam"), settings,
            eventClasses: settings.classNames.map { _ in true }, index: 0, counts: counts)
    }

    /// Lets a car drive up the frames of a recording; returns the events.
    private func drive(_ camera: Camera) throws -> [ObjectEvent] {
        let car = try #require(camera.context.classNames.firstIndex(of: "car"))
        var events = camera.connect(after: 0).events
        var reader = try VideoReader(Media.small())
        var number = 0
        while let item = try reader.next() {
            guard case .frame(let frame) = consume item else { continue }
            let detection = Detection(
                classIndex: car, score: 0.95,
                box: Box(x: 40, y: 70 - Float(number), width: 16, height: 14))
            let pending = PendingFrame(frame: frame, time: Double(number) / 25, connection: 1)
            events += camera.update(with: [detection], in: pending) ?? []
            number += 1
        }
        return events + camera.finish()
    }

    @Test func cameraCountsAndItsStatusTellsTheTotals() throws {
        let camera = try camera()
        let events = try drive(camera)
        #expect(events.map(\.kind) == [.begin, .cross, .enter, .leave, .end])
        let status = camera.status.counting
        #expect(status.lines.first?.text == "gate: 1 up (1 car), 0 down")
        #expect(status.zones.first?.inside == ["car": 0])
        #expect(status.zones.first?.dwell.counts.last == 1)
        let text = MetricsText.text([camera.status], [[]], events: EventQueue.Counts())
        for sample in [
            "thunderline_crossings_total{camera=\"cam\",line=\"gate\",direction=\"up\",class=\"car\"} 1.0",
            "thunderline_zone_objects{camera=\"cam\",zone=\"top\",class=\"car\"} 0.0",
            "thunderline_zone_dwell_seconds_bucket{camera=\"cam\",zone=\"top\",le=\"+Inf\"} 1",
            "thunderline_crossing_jumps_total{camera=\"cam\",line=\"gate\"} 0.0",
        ] { #expect(text.contains(sample), "\(text)") }
    }

    @Test func linesOfEventsNameTheirPlace() throws {
        let camera = try camera()
        let events = try drive(camera)
        let lines = events.map { event in
            EventRecord(
                camera: "cam", event: event, className: "car",
                text: EventText(camera.context.places), time: Date(timeIntervalSince1970: 0)
            ).line
        }
        #expect(lines[1].contains(#""event":"cross","line":"gate","direction":"up","id":1"#))
        #expect(lines[1].contains(#""total":{"up":1,"down":0}"#))
        #expect(lines[2].contains(#""event":"enter","zone":"top""#))
        #expect(lines[3].contains(#""reason":"ended""#))
        let reply = EventRecord(
            camera: "cam", event: events[1], className: "car",
            text: EventText(camera.context.places), time: Date()
        ).reply()
        #expect(reply.contains(#""direction":"up""#) && reply.contains(#""className":"car""#))
    }

    @Test func countsAndCrossingsAreAppendedByTheClock() throws {
        let scratch = try Scratch()
        var counts = CountsDescription()
        counts.file = scratch.path("c.csv")
        counts.crossings = scratch.path("x.csv")
        counts.heatMaps = [scratch.path("{name}.png"), scratch.path("{name}.csv")]
        let console = Console(isQuiet: true, isTerminal: false) { _ in }
        for run in 1...2 {
            let camera = try camera(counts)
            _ = try drive(camera)
            var writer = try CountsWriter(counts, cameras: [camera], console: console)
            writer.run(waiting: {}, isOver: { true })
            let rows = try String(contentsOfFile: scratch.path("c.csv"), encoding: .utf8)
                .split(separator: "\n")
            #expect(rows.count { $0.hasPrefix("start,") } == 1)
            #expect(rows.count { $0.contains(",cam,line,gate,up,car,1,") } == run)
            let crossings = try String(contentsOfFile: scratch.path("x.csv"), encoding: .utf8)
            #expect(crossings.split(separator: "\n").count == 1 + run)
        }
        #expect(Set(scratch.names) == ["c.csv", "x.csv", "cam.png", "cam.csv"])
    }

    @Test func cameraLostForLongLeavesItsZones() throws {
        let camera = try camera()
        let car = try #require(camera.context.classNames.firstIndex(of: "car"))
        _ = camera.connect(after: 0)
        var reader = try VideoReader(Media.small())
        for number in 0..<20 {
            guard case .frame(let frame)? = try reader.next() else { continue }
            let detection = Detection(
                classIndex: car, score: 0.95, box: Box(x: 40, y: 10, width: 16, height: 14))
            _ = camera.update(
                with: [detection],
                in: PendingFrame(frame: frame, time: Double(number) / 25, connection: 1))
        }
        #expect(camera.status.counting.zones.first?.inside == ["car": 1])
        let events = camera.advanceOutage(to: 5)
        #expect(events.map(\.kind) == [.leave, .end])
        #expect(events.first?.visit?.reason == .lost)
        #expect(camera.status.counting.zones.first?.inside == ["car": 0])
    }
}
