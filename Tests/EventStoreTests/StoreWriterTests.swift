import Foundation
import TestSupport
import Testing

@testable import EventStore

/// Writing of a store, also on disks and databases that fail.
@Suite(.timeLimit(.minutes(2)))
struct StoreWriterTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func eventsOfATrackBecomeOneObject() throws {
        let store = try RunningStore(scratch.path("store"))
        var begin = NewEvent(7, "begin", "car", at: 1_000_000, score: 0.5)
        begin.picture = [1, 2, 3]
        begin.size = (640, 360)
        store.writer.post(begin)
        var enter = NewEvent(7, "enter", "truck", at: 1_002_000, score: 0.8)
        enter.place = .zone("yard", dwell: 4)
        enter.snapshot = "gate.jpg"
        store.writer.post(enter)
        var cross = NewEvent(7, "cross", "truck", at: 1_003_000)
        cross.place = .line("stop", direction: "north")
        store.writer.post(cross)
        store.writer.post(NewEvent(7, "end", "truck", at: 1_005_000))
        store.end()
        let reader = try StoreReader(store.folder)
        let object = try #require(try reader.objects(ObjectQuery()).rows.first)
        #expect(object.className == "truck" && object.score == 0.8 && object.width == 640)
        #expect(object.begin == 1_000_000 && object.end == 1_005_000 && object.dwell == 4)
        #expect(object.places == ["stop:north", "yard"] && object.snapshot == "gate.jpg")
        #expect(try reader.picture(of: object.key) == [1, 2, 3])
        let events = try reader.events(EventQuery()).rows
        #expect(events.map(\.time) == [1_005_000, 1_003_000, 1_002_000, 1_000_000])
        #expect(events[0].json == "{\"event\":\"end\",\"id\":7}")
        #expect(try reader.tallies(from: 0, to: 2_000_000).map(\.objects) == [1])
        #expect(store.writer.counts == .init(written: 4))
    }

    @Test func numberOfATrackInALaterRunIsAnotherObject() throws {
        for time in [1000, 900_000] {
            let store = try RunningStore(scratch.path("store"))
            store.post(1, at: time, isOver: false)
            store.end()
        }
        let reader = try StoreReader(StoreFolder(scratch.path("store")))
        // The first run ended without an end of its object; the next one ended it.
        #expect(try reader.objects(ObjectQuery()).rows.map(\.end) == [nil, 1000])
    }

    @Test func changesOfPeopleAreWrittenAndAnswered() async throws {
        let store = try RunningStore(scratch.path("store"))
        for track in 1...3 { store.post(track, at: track * 1000) }
        store.wait { store.writer.counts.written == 6 }
        let reader = try StoreReader(store.folder)
        let keys = try reader.objects(ObjectQuery()).rows.map(\.key)
        #expect(await store.writer.change(keys[0], .star(true)))
        #expect(await store.writer.change(keys[1], .note("a red one")))
        #expect(await store.writer.change(keys[1], .review(true)))
        #expect(await store.writer.change(keys[2], .delete))
        #expect(await store.writer.change(999, .star(true)) == false)
        let objects = try reader.objects(ObjectQuery()).rows
        #expect(objects.map(\.key) == [keys[0], keys[1]] && objects[0].isStarred)
        #expect(objects[1].note == "a red one" && objects[1].isReviewed)
        #expect(try reader.events(EventQuery()).rows.count == 4)
        store.end()
        #expect(await store.writer.change(keys[0], .star(false)) == false)
    }

    @Test func secondWriterIsRefused() throws {
        let store = try RunningStore(scratch.path("store"))
        #expect {
            _ = try RunningStore(store.folder.path)
        } throws: { ($0 as? StoreError)?.kind == .inUse }
        store.end()
    }

    @Test func fullQueueCountsWhatItLoses() throws {
        let store = try RunningStore(scratch.path("store"))
        let other = try Database(store.folder.database)
        try other.execute("BEGIN IMMEDIATE")
        for track in 1...(StoreWriter.countLimit + 500) {
            store.writer.post(NewEvent(track, "begin", at: track))
        }
        #expect(store.writer.counts.lost > 0)
        try other.execute("ROLLBACK")
        store.end()
        let counts = store.writer.counts
        #expect(counts.written + counts.lost == StoreWriter.countLimit + 500)
    }

    @Test func lockedDatabaseIsAWarningAndLosesNothing() throws {
        let store = try RunningStore(scratch.path("store"))
        let other = try Database(store.folder.database)
        try other.execute("BEGIN IMMEDIATE")
        for track in 1...20 { store.post(track, at: track * 1000) }
        store.wait { !store.warnings.isEmpty }
        #expect(store.warnings.contains { $0.contains("locked") } && store.warnings.count == 1)
        try other.execute("ROLLBACK")
        store.wait { store.writer.counts.written == 40 }
        #expect(store.writer.counts == .init(written: 40))
        store.end()
    }

    @Test func databaseThatIsLockedAtTheStartIsWaitedFor() async throws {
        try RunningStore(scratch.path("store")).end()
        let other = try Database(scratch.path("store/events.sqlite"))
        try other.execute("BEGIN EXCLUSIVE")
        let store = try RunningStore(scratch.path("store"))
        #expect(store.warnings.contains { $0.contains("locked") })
        store.post(1, at: 1000)
        #expect(await store.writer.change(1, .star(true)) == false)
        try other.execute("ROLLBACK")
        store.wait { store.writer.counts.written == 2 }
        #expect(store.writer.counts == .init(written: 2))
        store.end()
    }

    @Test func fullDiskIsAWarningAndLosesNothingThatTheQueueHolds() throws {
        let folder = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mount = Program.run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder])
        guard mount.status == 0 else { return print("SKIPPED: no small disk can be mounted here") }
        defer { _ = Program.run("umount", ["-l", folder]) }
        let filler = "\(folder)/filler"
        _ = Program.run("sh", ["-c", "cat /dev/zero >\(filler) 2>/dev/null"])
        // A run begins on the full disk, and goes on when there is space.
        let store = try RunningStore(folder)
        store.post(0, at: 1)
        #expect(store.warnings.contains { $0.contains("no space left") })
        try FileManager.default.removeItem(atPath: filler)
        store.wait { store.writer.counts.written == 2 }
        _ = Program.run("sh", ["-c", "cat /dev/zero >\(filler) 2>/dev/null"])
        for track in 1...300 { store.post(track, at: track * 1000) }
        store.wait { store.warnings.count > 1 }
        #expect(store.warnings.count == 2)
        try FileManager.default.removeItem(atPath: filler)
        store.wait { store.writer.counts.written == 602 }
        #expect(store.writer.counts == .init(written: 602))
        store.end()
    }

    @Test(arguments: [0, 8192, 40_000])
    func damagedDatabaseIsKeptAndANewOneBegun(_ offset: Int) throws {
        let first = try RunningStore(scratch.path("store"))
        for track in 1...500 { first.post(track, at: track * 1000) }
        first.end()
        let reader = try StoreReader(first.folder)
        let file = try #require(FileHandle(forUpdatingAtPath: first.folder.database))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(repeating: 0xA5, count: 8192))
        try file.close()
        let store = try RunningStore(first.folder.path)
        store.post(1, at: 5000)
        store.end()
        #expect(store.warnings.contains { $0.contains("damaged") })
        #expect(try reader.objects(ObjectQuery()).rows.count == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: store.folder.path)
        #expect(names.contains { $0.hasPrefix("events-damaged-") })
    }

    @Test func databaseOfAKilledRunIsWhole() throws {
        let store = try RunningStore(scratch.path("store"))
        for track in 1...300 { store.post(track, at: track * 1000, isOver: false) }
        store.wait { store.writer.counts.written >= 200 }
        // Files as a killed process leaves them: the log is not part of the database yet.
        let copy = scratch.path("copy")
        try FileManager.default.copyItem(atPath: store.folder.path, toPath: copy)
        let next = try RunningStore(copy)
        next.end()
        let database = try Database(next.folder.database)
        var answer = ""
        try database.query("PRAGMA integrity_check") {
            answer = $0.text(0)
            return true
        }
        #expect(answer == "ok" && next.warnings.isEmpty)
        #expect(try database.integer("SELECT count(*) FROM object") >= 200)
        #expect(try database.integer("SELECT count(*) FROM object WHERE end IS NULL") == 0)
        store.end()
    }

    @Test func stepsOfTheSchemaRunOnceAndNewerStoresAreRefused() throws {
        let database = try Database(scratch.path("steps.sqlite"))
        var steps = ["CREATE TABLE a(x INTEGER)"]
        try StoreSchema.migrate(database, "here", steps: steps)
        try database.execute("INSERT INTO a VALUES(1)")
        steps.append("ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 5")
        for _ in 1...2 { try StoreSchema.migrate(database, "here", steps: steps) }
        #expect(try database.integer("SELECT x + y FROM a") == 6)
        #expect(throws: StoreError.self) {
            try StoreSchema.migrate(database, "here", steps: [steps[0]])
        }
        // A step that fails undoes the ones before it.
        #expect(throws: StoreError.self) {
            try StoreSchema.migrate(
                database, "here", steps: steps + ["CREATE TABLE b(x)", "CREATE TABLE a(x)"])
        }
        #expect(try database.integer("PRAGMA user_version") == 2)
        #expect(try database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'b'") == 0)
    }
}
