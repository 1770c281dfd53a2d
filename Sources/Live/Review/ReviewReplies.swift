internal import EventStore
internal import FlyingFox
internal import Foundation
internal import Pipeline

/// JSON of searches in the event store.
struct ReviewReplies {
    let reader: StoreReader
    let query: [String: String]

    /// Objects by a filter, newest first, and the cursor of the next page.
    func objects() throws(StoreError) -> HTTPResponse {
        let page = try reader.objects(ObjectQuery(query))
        let reply = JSONObject {
            $0.add("objects", array: page.rows.map(\.json.text))
            if let next = page.next { $0.add("next", next.text) }
        }
        return PageHandler.reply(Data(reply.text.utf8), "application/json")
    }

    /// An object with its events, oldest first; nil when there is none.
    func object(_ key: Int) throws(StoreError) -> HTTPResponse? {
        guard let object = try reader.object(key) else { return nil }
        var events = EventQuery()
        events.object = key
        let rows = try reader.events(events).rows
        var reply = object.json
        reply.add("events", array: rows.reversed().map(\.json))
        return PageHandler.reply(Data(reply.text.utf8), "application/json")
    }

    /// Events as without a store, with fields of their objects; `Link` leads to the next page.
    func events() throws(StoreError) -> HTTPResponse {
        let page = try reader.events(try eventQuery())
        let text = "[" + page.rows.map(Self.json).joined(separator: ",") + "]"
        var response = PageHandler.reply(Data(text.utf8), "application/json")
        if let next = page.next {
            var parameters = query.filter { $0.key != "cursor" }.sorted { $0.key < $1.key }
            parameters.append((key: "cursor", value: next.text))
            var parts = URLComponents()
            parts.queryItems = parameters.map { URLQueryItem(name: $0.key, value: $0.value) }
            response.headers[HTTPHeader("Link")] =
                "</api/events?\(parts.percentEncodedQuery ?? "")>; rel=\"next\""
        }
        return response
    }

    private func eventQuery() throws(StoreError) -> EventQuery {
        let known = ["camera", "class", "zone", "line", "after", "before", "tz", "limit", "cursor"]
        var rest = query
        let kind = rest.removeValue(forKey: "event")
        if let other = rest.keys.sorted().first(where: { !known.contains($0) }) {
            throw StoreError(
                .query,
                "\(other) is no filter of events: use \((known + ["event"]).joined(separator: ", "))."
            )
        }
        let parsed = try ObjectQuery(rest)
        var events = EventQuery()
        events.camera = parsed.cameras.first
        events.className = parsed.classes.first
        events.kind = kind
        events.place = parsed.place
        (events.after, events.before) = (parsed.after, parsed.before)
        if rest["limit"] != nil { events.limit = parsed.limit }
        events.cursor = parsed.cursor
        return events
    }

    /// Objects that began, by hour or day of a time zone, camera and class.
    func summary() throws(StoreError) -> HTTPResponse {
        var rest = query
        let isByDay = rest.removeValue(forKey: "by") == "day"
        let parsed = try ObjectQuery(rest)
        let until = parsed.before ?? Int(Date().timeIntervalSince1970 * 1000)
        let from = parsed.after ?? until - 86_400_000
        guard until - from <= Self.longestSummary else {
            throw StoreError(.other, "A summary covers 32 days at most: set after and before.")
        }
        let rows = try reader.tallies(from: from, to: until, camera: parsed.cameras.first)
        let bars = TallyBars(rows, length: isByDay ? 86_400_000 : 3_600_000, parsed.timeZone)
        let text = "[" + bars.rows.map { Self.json($0).text }.joined(separator: ",") + "]"
        return PageHandler.reply(Data(text.utf8), "application/json")
    }

    private static let longestSummary = 32 * 86_400_000

    /// Cameras, classes and places of the store.
    func names() throws(StoreError) -> HTTPResponse {
        let names = try reader.names()
        return PageHandler.json([
            "cameras": names.cameras, "classes": names.classes, "places": names.places,
        ])
    }

    /// The event as it was written, with `className`, the former name of `class`, and fields of its object.
    private static func json(_ event: StoredEvent) -> String {
        var more = JSONObject()
        more.add("className", event.className)
        more.add("key", event.key)
        if event.hasPicture { more.add("thumbnail", "objects/\(event.object).jpg") }
        more.add("object", event.object)
        more.add("starred", event.isStarred)
        more.add("reviewed", event.isReviewed)
        more.add("note", event.note)
        return event.json.dropLast() + "," + more.text.dropFirst()
    }

    private static func json(_ bar: Tally) -> JSONObject {
        JSONObject {
            $0.add("time", StoredObject.text(bar.time))
            $0.add("camera", bar.camera)
            $0.add("class", bar.className)
            $0.add("objects", bar.objects)
        }
    }
}
