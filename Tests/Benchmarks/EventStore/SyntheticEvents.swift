import EventStore
import Foundation

/// Events of made-up objects, and the searches of a page.
enum SyntheticEvents {
    /// Begin, one happening and end of an object; one object begins every two seconds.
    static func events(of track: Int) -> [NewEvent] {
        let time = track * 2000
        let name = track % 10 == 0 ? "person" : "car"
        let kinds = ["begin", track % 4 == 0 ? "cross" : "enter", "end"]
        return kinds.enumerated().map { index, kind in
            var event = NewEvent(
                camera: "camera-\(track % 16)", className: name, kind: kind, track: track,
                time: time + index * 4000, score: Double(track * 7919 % 100) / 100,
                box: "[312.5,200.1,401.2,280.7]",
                json:
                    "{\"time\":\"2026-11-30T12:00:03.412Z\",\"camera\":\"camera-\(track % 16)\",\"event\":\"\(kind)\","
                    + "\"id\":\(track),\"class\":\"\(name)\",\"score\":0.81,\"box\":[312.5,200.1,401.2,280.7],\"seconds\":2.3}"
            )
            if kind == "cross" {
                event.place = .line(
                    "line-\(track % 8)", direction: track % 3 == 0 ? "in" : "out")
            } else if kind == "enter" {
                event.place = .zone("zone-\(track % 8)", dwell: Double(track % 61))
            }
            return event
        }
    }

    /// Searches by name; the times are those of `count` objects.
    static func queries(_ count: Int) -> [(String, ObjectQuery)] {
        let middle = count * 1000
        return [
            ("all", query { _ in }),
            ("camera", query { $0.cameras = ["camera-5"] }),
            ("class", query { $0.classes = ["person"] }),
            ("camera and class", query { ($0.cameras, $0.classes) = (["camera-2"], ["car"]) }),
            (
                "class that the camera lacks",
                query { ($0.cameras, $0.classes) = (["camera-5"], ["person"]) }
            ),
            ("line", query { $0.place = "line-4" }),
            ("line and direction", query { ($0.place, $0.direction) = ("line-4", "in") }),
            ("zone and dwell", query { ($0.place, $0.minimumDwell) = ("zone-3", 55) }),
            ("time range", query { ($0.after, $0.before) = (middle, middle + 3_600_000) }),
            ("time of day", query { $0.dayTime = .init("03:00-03:10") }),
            ("score that none has", query { $0.minimumScore = 2 }),
            ("starred", query { $0.isStarred = true }),
            ("class that none has", query { $0.classes = ["zebra"] }),
        ]
    }

    private static func query(_ change: (inout ObjectQuery) -> Void) -> ObjectQuery {
        var query = ObjectQuery()
        query.timeZone = TimeZone(identifier: "UTC") ?? .current
        change(&query)
        return query
    }
}
