import EventStore
import Flow
import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// `thunderline events` on a store without a server.
    struct EventsCommandTests {
        private let scratch: Scratch

        init() throws {
            scratch = try Scratch()
            let writer = try StoreWriter(StoreFolder(scratch.path("store"))) { print($0) }
            let thread = try Worker(name: "store") { writer.run() }
            for track in 1...120 {
                let isPerson = track % 40 == 0
                let time = 1_796_040_000_000 + track * 60_000
                for (index, kind) in ["begin", "end"].enumerated() {
                    var event = NewEvent(
                        camera: "gate", className: isPerson ? "person" : "car", kind: kind,
                        track: track, time: time + index * 2500, score: 0.75, box: "[1,2,3,4]",
                        json: "{}")
                    if isPerson { event.place = .zone("yard", dwell: 2.5) }
                    writer.post(event)
                }
            }
            writer.close()
            thread.join()
        }

        private func run(_ arguments: [String]) throws -> Command.Ended {
            try Program.command().run(
                ["events", scratch.path("store"), "--tz", "Europe/Berlin"] + arguments)
        }

        @Test func tableShowsTheNewestObjectsFirst() throws {
            let ended = try run(["--class", "person"])
            #expect(ended.status == 0 && ended.lines.count == 4, "\(ended.standardError)")
            #expect(ended.lines[0].hasPrefix("begin               camera"))
            // 12:00 UTC is 13:00 in Berlin; the newest began two hours later.
            let words = ended.lines[1].split(separator: " ")
            #expect(
                words == ["2026-11-30", "15:00:00", "gate", "person", "120", "0.75", "2.5", "yard"])
            #expect(try run([]).lines.count == 51)
            #expect(try run(["--limit", "500"]).lines.count == 121)
        }

        @Test func jsonIsOneObjectALine() throws {
            let ended = try run(["--zone", "yard", "--before", "2026-11-30T14:00", "--json"])
            let objects = try ended.lines.map {
                try #require(
                    try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            #expect(objects.map { $0["id"] as? Int } == [40])
            #expect(objects.first?["begin"] as? String == "2026-11-30T12:40:00.000Z")
            #expect(objects.first?["places"] as? [String] == ["yard"])
        }

        @Test func mistakesHaveASentenceAndACode() throws {
            let absent = try Program.command().run(["events", scratch.path("none")])
            #expect(absent.status == 66 && absent.standardError.contains("no event store"))
            let wrong = try run(["--between", "8-9"])
            #expect(wrong.status == 64 && wrong.standardError.contains("22:00-06:00"))
            #expect(try run(["--limit", "0"]).status == 64)
            #expect(try run(["--zone", "a", "--line", "b"]).status == 64)
        }

        @Test func editorOfZonesRefusesWhatHasNoFrame() throws {
            let film = try Media.small()
            for (arguments, status, words) in [
                ([film, "--at", "60s"], 68, "earlier"), (["nowhere.mp4"], 66, "no such file"),
                ([film, "--at", "soon"], 64, "must be a time"),
                ([film, "--line", "a=0,0"], 64, "2 to 16 points"),
                ([film, "--page", "192.0.2.1:8090"], 64, "token"),
            ] as [([String], Int32, String)] {
                let ended = try Program.command().run(["zones"] + arguments)
                #expect(ended.status == status, "\(arguments): \(ended.standardError)")
                #expect(ended.standardError.contains(words), "\(ended.standardError)")
            }
        }
    }
}
