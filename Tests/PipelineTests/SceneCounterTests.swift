import Analytics
import Foundation
import Scene
import TestSupport
import Testing
import Video

@testable import Configuration
@testable import Pipeline

/// Files of counts and events, from scripted objects in the frames of a recording.
struct SceneCounterTests {
    private let scratch: Scratch
    private var description = DetectDescription()

    init() throws {
        scratch = try Scratch()
        try description.set(
            "lines", to: ["gate=0,0.5 1,0.5; names=in:up,out:down", "side=0.5,0 0.5,1"])
        try description.set("zones", to: ["top=0,0 1,0 1,0.5 0,0.5; crowd=2; label=Top"])
        description.objects.classes = ["car", "truck"]
        description.counts.every = 1
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: scratch.path(name), encoding: .utf8)
    }

    /// Two cars drive up the picture, the second of which turns out to be a truck.
    private func run(source: String) throws -> [String] {
        var context = try DetectionContext(description)
        context.counting.counts = scratch.path("c.csv")
        context.counting.crossings = scratch.path("x.csv")
        context.counting.events = scratch.path("e.ndjson")
        context.counting.heatMaps = [scratch.path("h.png"), scratch.path("h.csv")]
        try context.counting.open(in: context.writers)
        var counter = SceneCounter(context)
        var reader = try VideoReader(source)
        let car = try #require(context.classNames.firstIndex(of: "car"))
        let truck = try #require(context.classNames.firstIndex(of: "truck"))
        guard case .frame(let frame)? = try reader.next() else { return [] }
        try counter.begin(frame, of: reader.description)
        for number in 0..<50 {
            var objects = [1, 2].map { id in
                TrackedObject(
                    id: id, classIndex: id == 2 && number > 40 ? truck : car, score: 0.5,
                    box: Box(x: Float(20 * id), y: 70 - Float(number), width: 12, height: 10),
                    isPredicted: false)
            }
            try counter.follow(
                &objects,
                SceneCounter.Moment(
                    time: Double(number) / 25, frame: number, width: 160, height: 96,
                    source: "a,b.mp4"))
            if number == 49 { #expect(objects.map(\.zones) == [1, 1]) }
        }
        let summary = try counter.finish()
        try context.writers.finish(context.counting.texts)
        return summary
    }

    @Test func filesAndSummaryAreAsDocumented() throws {
        let summary = try run(source: Media.small())
        #expect(
            summary == [
                "gate: 2 up (1 car, 1 truck), 0 down", "side: 0 in, 0 out",
            ])
        let crossings = try text("x.csv").split(separator: "\n")
        #expect(crossings[0] == "time,frame,source,line,direction,id,class,x,y,vx,vy,bearing")
        #expect(crossings[1].hasSuffix(#","a,b.mp4",gate,up,1,car,26.00,48.00,0.00,-25.00,0.00"#))
        #expect(crossings[2].contains(",up,2,truck,"))
        #expect(crossings[1].hasPrefix("1.280000,3"))
        let counts = try text("c.csv").split(separator: "\n")
        #expect(counts.count == 1 + 2 * 2 * (1 + 2 * 2))
        #expect(counts.contains(#"1.000,1.960,"a,b.mp4",line,gate,up,car,1,,,"#))
        #expect(counts.contains(#"1.000,1.960,"a,b.mp4",line,gate,up,truck,1,,,"#))
        #expect(counts.contains(#"0.000,1.000,"a,b.mp4",line,gate,up,car,0,,,"#))
        let events = try text("e.ndjson").split(separator: "\n").map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let kinds = events.compactMap { $0["event"] as? String }
        #expect(kinds.count { $0 == "cross" } == 2 && kinds.count { $0 == "enter" } == 2)
        #expect(kinds.count { $0 == "crowd" } == 1 && kinds.count { $0 == "leave" } == 2)
        let cross = try #require(events.first { $0["event"] as? String == "cross" })
        #expect(cross["line"] as? String == "gate" && cross["direction"] as? String == "up")
        #expect(cross["total"] as? [String: Int] == ["up": 1, "down": 0])
        #expect(cross["at"] as? [Double] == [26, 48] && cross["wall"] == nil)
        let leave = try #require(events.first { $0["event"] as? String == "leave" })
        #expect(leave["reason"] as? String == "ended" && leave["inside"] as? Int == 1)
    }

    @Test func intervalsOfARecordingWithATimeAreOnTheClock() throws {
        let source = try Media.small(
            "dated.mkv", "-metadata creation_time=2026-11-30T12:00:00.500000Z")
        _ = try run(source: source)
        let counts = try text("c.csv")
        #expect(counts.contains("2026-11-30T12:00:00.500Z,2026-11-30T12:00:01.000Z,"))
        #expect(counts.contains("2026-11-30T12:00:01.000Z,2026-11-30T12:00:02.000Z,"))
        #expect(try text("e.ndjson").contains("\"wall\":\"2026-11-30T12:00:01.7"))
    }

    @Test func heatMapIsDrawnOverTheFirstFrame() throws {
        _ = try run(source: Media.small())
        let rows = try text("h.csv").split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows.count == 90 && rows.allSatisfy { $0.count == 160 })
        let seconds = rows.joined().compactMap { Double($0) }.reduce(0, +)
        #expect(abs(seconds - 2 * 49 / 25) < 0.5)
        var reader = try VideoReader(scratch.path("h.png"))
        guard case .frame(let frame)? = try reader.next() else {
            Issue.record("no picture")
            return
        }
        #expect(frame.width == 160 && frame.height == 96)
    }
}
