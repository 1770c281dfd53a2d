import Foundation
import TestSupport
import Testing

@testable import EventStore

/// Searches against a search of all rows by hand.
@Suite(.timeLimit(.minutes(3)))
struct SearchTests {
    private static let zone = TimeZone(identifier: "Europe/Berlin") ?? .current
    /// 2026-10-24 12:00 UTC: the clocks go back in the night that follows.
    private static let start = 1_792_843_200_000

    /// An object as it was posted.
    private struct Fact {
        var begin: Int
        var camera: String
        var className: String
        var score: Double
        var place: String?
        var direction = ""
        var dwell = 0.0
        var track: Int
    }

    private static func facts(_ count: Int, seed: UInt64) -> [Fact] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { track in
            var fact = Fact(
                begin: start + Int.random(in: 0..<600, using: &random) * 300_000,
                camera: ["gate", "yard", "road"].randomElement(using: &random) ?? "gate",
                className: ["car", "person", "truck"].randomElement(using: &random) ?? "car",
                score: Double(Int.random(in: 1...100, using: &random)) / 100, place: nil,
                track: track)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                fact.place = "stop"
                fact.direction = Bool.random(using: &random) ? "north" : "south"
            case 1:
                fact.place = "door"
                fact.dwell = Double(Int.random(in: 1...60, using: &random))
            default: break
            }
            return fact
        }
    }

    private static func fill(_ path: String, _ facts: [Fact]) throws -> StoreFolder {
        let store = try RunningStore(path)
        for fact in facts {
            var event = NewEvent(
                fact.track, "begin", fact.className, camera: fact.camera, at: fact.begin,
                score: fact.score)
            if let place = fact.place {
                event.place =
                    fact.direction.isEmpty
                    ? .zone(place, dwell: fact.dwell) : .line(place, direction: fact.direction)
            }
            store.writer.post(event)
        }
        store.end()
        return store.folder
    }

    private static func query(_ random: inout SeededGenerator) -> ObjectQuery {
        var query = ObjectQuery()
        let isWanted = { (random: inout SeededGenerator) in
            Int.random(in: 0..<3, using: &random) == 0
        }
        if isWanted(&random) { query.cameras = ["gate"] }
        if isWanted(&random) { query.cameras = ["yard", "road"] }
        if isWanted(&random) { query.classes = ["person"] }
        if isWanted(&random) { query.classes = ["car", "truck"] }
        if isWanted(&random) { query.place = Bool.random(using: &random) ? "stop" : "door" }
        if query.place == "stop", isWanted(&random) { query.direction = "north" }
        if isWanted(&random) { query.minimumScore = 0.6 }
        if isWanted(&random) { query.minimumDwell = 20 }
        if isWanted(&random) { query.after = start + 40_000_000 }
        if isWanted(&random) { query.before = start + 130_000_000 }
        if isWanted(&random) { query.dayTime = .init("22:00-06:00") }
        query.timeZone = zone
        query.limit = Int.random(in: 1...40, using: &random)
        return query
    }

    private static func matches(_ fact: Fact, _ query: ObjectQuery) -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = query.timeZone
        let hour = calendar.component(
            .hour, from: Date(timeIntervalSince1970: Double(fact.begin) / 1000))
        return (query.cameras.isEmpty || query.cameras.contains(fact.camera))
            && (query.classes.isEmpty || query.classes.contains(fact.className))
            && (query.place == nil || query.place == fact.place)
            && (query.direction == nil || query.direction == fact.direction)
            && fact.score >= query.minimumScore ?? 0 && fact.dwell >= query.minimumDwell ?? 0
            && fact.begin >= query.after ?? 0 && fact.begin < query.before ?? .max
            && (query.dayTime == nil || hour >= 22 || hour < 6)
    }

    /// All pages of a query.
    private static func all(_ query: ObjectQuery, _ reader: StoreReader) throws -> [StoredObject] {
        var (query, rows) = (query, [StoredObject]())
        repeat {
            let page = try reader.objects(query)
            #expect(page.rows.count <= query.limit)
            rows += page.rows
            query.cursor = page.next
        } while query.cursor != nil
        return rows
    }

    @Test func pagesOfEveryFilterHoldExactlyWhatFits() throws {
        let scratch = try Scratch()
        let facts = Self.facts(1500, seed: 5)
        let reader = try StoreReader(Self.fill(scratch.path("store"), facts))
        var random = SeededGenerator(seed: 6)
        for _ in 0..<200 {
            let query = Self.query(&random)
            let found = try Self.all(query, reader)
            let wanted = facts.filter { Self.matches($0, query) }
            #expect(found.map(\.track).sorted() == wanted.map(\.track).sorted(), "\(query)")
            #expect(found.map(\.begin) == found.map(\.begin).sorted(by: >))
        }
    }

    @Test func pagesGoOnWhileObjectsComeAndGo() async throws {
        let scratch = try Scratch()
        let store = try RunningStore(scratch.path("store"))
        for track in 1...100 { store.post(track, at: track * 1000) }
        store.wait { store.writer.counts.written == 200 }
        let reader = try StoreReader(store.folder)
        var query = ObjectQuery()
        query.limit = 10
        var tracks: [Int] = []
        repeat {
            let page = try reader.objects(query)
            tracks += page.rows.map(\.track)
            query.cursor = page.next
            // New ones come before the first page; the last row of this page goes.
            store.post(1000 + tracks.count, at: 1_000_000 + tracks.count)
            if let last = page.rows.last { _ = await store.writer.change(last.key, .delete) }
        } while query.cursor != nil
        #expect(tracks == (1...100).reversed())
        store.end()
    }

    @Test func pageOfARareFilterEndsAfterABoundedNumberOfRows() throws {
        let scratch = try Scratch()
        let folder = StoreFolder(scratch.path("store"))
        let database = try folder.filled(objects: 50_000)
        let reader = try StoreReader(folder)
        withExtendedLifetime(database) {}
        var query = ObjectQuery()
        query.minimumScore = 2
        var pages = 0
        repeat {
            query.cursor = try reader.objects(query).next
            pages += 1
        } while query.cursor != nil && pages < 10
        #expect(pages == 7)
    }

    /// The long form, a million objects, is the program `event-store-bench`.
    @Test func everyFilterOfManyObjectsIsFast() throws {
        let scratch = try Scratch()
        let folder = StoreFolder(scratch.path("store"))
        let database = try folder.filled(objects: 100_000)
        let reader = try StoreReader(folder)
        var random = SeededGenerator(seed: 8)
        var times: [Double] = []
        for _ in 0..<60 {
            let query = Self.query(&random)
            let start = ProcessInfo.processInfo.systemUptime
            _ = try reader.objects(query)
            times.append(ProcessInfo.processInfo.systemUptime - start)
        }
        // Median: other programs share the machine, and this build is not optimised.
        #expect(times.sorted()[30] < 0.05, "\(times.sorted())")
        withExtendedLifetime(database) {}
    }

    @Test func textsOfFiltersAreParsedOrRefused() {
        #expect(ObjectQuery.DayTime("22:00-06:00")?.contains(23 * 60) == true)
        #expect(ObjectQuery.DayTime("22:00-06:00")?.contains(7 * 60) == false)
        #expect(ObjectQuery.DayTime("08:00-24:00")?.contains(8 * 60) == true)
        for text in ["", "8-9", "25:00-01:00", "08:00", "24:30-01:00", "a:b-c:d"] {
            #expect(ObjectQuery.DayTime(text) == nil, "\(text)")
        }
        #expect(ObjectQuery.Cursor("12-5")?.text == "12-5")
        #expect(ObjectQuery.Cursor("12") == nil && ObjectQuery.Cursor("x-1") == nil)
    }
}
