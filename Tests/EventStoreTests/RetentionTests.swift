import Foundation
import TestSupport
import Testing

@testable import EventStore

/// Removal of old objects.
@Suite(.timeLimit(.minutes(2)))
struct RetentionTests {
    private let scratch: Scratch
    private let now = Int(Date().timeIntervalSince1970 * 1000)

    init() throws { scratch = try Scratch() }

    /// A store with 2,000 objects with pictures: a car and a person every second, the newest now.
    private func filled() throws -> StoreFolder {
        let store = try RunningStore(scratch.path("store"))
        for track in 0..<2000 {
            var event = NewEvent(
                track, "begin", track % 2 == 0 ? "car" : "person", at: now - track * 500)
            event.picture = [UInt8](repeating: UInt8(track % 256), count: 2000)
            store.writer.post(event)
            if track % 1000 == 999 { store.wait { store.writer.counts.written == track + 1 } }
        }
        store.end()
        return store.folder
    }

    private func size(of folder: StoreFolder) throws -> Int {
        let facts = try FileManager.default.attributesOfItem(atPath: folder.database)
        return try #require(facts[.size] as? Int)
    }

    @Test func oldObjectsGoByClassStarredOnesStayAndTheFileShrinks() async throws {
        let folder = try filled()
        let before = try size(of: folder)
        let oldest = try #require(
            try StoreReader(folder).objects(
                {
                    var query = ObjectQuery()
                    query.before = now - 999_000
                    return query
                }()
            ).rows.first)
        var retention = StoreWriter.Retention()
        retention.keepFor = 100
        retention.keepForClass = ["person": 500]
        let store = try RunningStore(folder.path, retention: retention)
        #expect(await store.writer.change(oldest.key, .star(true)))
        store.wait { store.writer.counts.removed >= 1298 }
        usleep(300_000)
        let reader = try StoreReader(folder)
        var counts: [String: Int] = [:]
        for name in ["car", "person"] {
            var query = ObjectQuery()
            query.classes = [name]
            query.limit = 500
            var rows = try reader.objects(query)
            counts[name] = rows.rows.count
            while let next = rows.next {
                query.cursor = next
                rows = try reader.objects(query)
                counts[name]! += rows.rows.count
            }
        }
        // The test itself takes some seconds.
        #expect((80...102).contains(counts["car"]!) && (480...502).contains(counts["person"]!))
        #expect(try reader.object(oldest.key)?.isStarred == true)
        #expect(try reader.tallies(from: 0, to: .max).reduce(0) { $0 + $1.objects } == 2000)
        store.end()
        #expect(try size(of: folder) < before / 2)
    }

    @Test func sizeLimitRemovesTheOldest() throws {
        let folder = try filled()
        let limit = try size(of: folder) / 2
        var retention = StoreWriter.Retention()
        retention.keepSize = limit
        let store = try RunningStore(folder.path, retention: retention)
        store.wait { store.writer.counts.removed > 900 }
        usleep(500_000)
        store.end()
        #expect(try size(of: folder) <= limit + 100_000)
        let newest = try StoreReader(folder).objects(ObjectQuery()).rows.first
        #expect(newest?.begin == now)
    }

    @Test func nothingIsOldWhileTheClockCannotBeTrusted() throws {
        let folder = try filled()
        var retention = StoreWriter.Retention()
        retention.keepFor = 1
        let writer = try StoreWriter(
            folder, retention: retention, mayRemoveOld: { false }, report: { _ in })
        writer.post(NewEvent(1, "begin", at: now))
        writer.close()
        writer.run()
        #expect(writer.counts.removed == 0)
    }
}
