import Foundation
import Pipeline
import Scene
import TestSupport
import Testing

@testable import Configuration
@testable import Live

@Suite(.timeLimit(.minutes(1)), .serialized)
struct EventFilesTests {
    private func record(_ id: Int = 7) -> EventRecord {
        let object = TrackedObject(
            id: id, classIndex: 0, score: 0.5, box: Box(x: 1, y: 2, width: 3.25, height: 4),
            isPredicted: false)
        return EventRecord(
            camera: "gate", event: ObjectEvent(kind: .begin, object: object, seconds: 0),
            className: "a \"car\"", time: Date(timeIntervalSince1970: 1_738_367_999.1234))
    }

    @Test func aLineIsJSONWithTimeInUTC() throws {
        var record = record()
        record.cameraTime = Date(timeIntervalSince1970: 0)
        record.snapshot = record.snapshotName
        let line = record.line
        #expect(line.hasSuffix("}\n") && line.count { $0 == "\n" } == 1)
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(read["time"] as? String == "2025-01-31T23:59:59.123Z")
        #expect(read["camera_time"] as? String == "1970-01-01T00:00:00.000Z")
        #expect(read["class"] as? String == "a \"car\"")
        #expect(read["box"] as? [Double] == [1, 2, 3.25, 4])
        #expect(read["snapshot"] as? String == "gate-20250131T235959.123Z-7-begin.jpg")
    }

    @Test func onlySoManySnapshotsAreKeptOverRuns() throws {
        let scratch = try Scratch()
        let path = scratch.path("seen")
        for run in 0..<2 {
            var folder = try SnapshotFolder(path, limit: 3)
            for number in 0..<4 {
                var record = record(number)
                // Two cameras, so that names alone are in no order of time.
                record.camera = number % 2 == 0 ? "a" : "z"
                record.time += Double(run * 10 + number)
                try folder.write([1, 2, 3], as: record.snapshotName)
            }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(left.count == 3)
        #expect(left.allSatisfy { $0.contains("20250201T0000") }, "\(left)")
    }

    @Test func picturesThatAreNoneOfOursStay() throws {
        let scratch = try Scratch()
        let foreign = [
            "holiday.jpg", "gate-20250131T235959.123Z.jpg", "gate-20250131T235959.123Z-7-seen.jpg",
            "x-7-begin.jpg",
        ]
        for name in foreign { try scratch.write(name, "x") }
        var record = record()
        record.camera = "LOBBYZ-2"
        for number in 0..<4 {
            record.time += Double(number)
            var folder = try SnapshotFolder(scratch.url.path, limit: 1)
            try folder.write([1], as: record.snapshotName)
        }
        #expect(Set(scratch.names) == Set(foreign + [record.snapshotName]))
    }

    @Test func linesAreAddedWhateverHappensToTheirFile() throws {
        let scratch = try Scratch()
        let path = try scratch.write("seen.ndjson", "whole\ntor")
        let text = { (name: String) in
            try String(contentsOfFile: scratch.path(name), encoding: .utf8)
        }
        var file = try EventFile(path)
        try file.add("a\n")
        #expect(try text("seen.ndjson") == "whole\ntor\na\n", "a line that was cut off is ended")
        _ = unsafe truncate(path, 0)
        try file.add("b\n")
        #expect(try text("seen.ndjson") == "b\n")
        try FileManager.default.moveItem(atPath: path, toPath: scratch.path("old.ndjson"))
        try file.add("c\n")
        try file.add("d\n")
        #expect(try text("old.ndjson") == "b\n" && text("seen.ndjson") == "c\nd\n")
        var full = try EventFile("/dev/full")
        #expect(throws: (any Error).self) { try full.add("e\n") }
    }

    @Test func aFolderThatCannotBeIsSaidBeforehand() throws {
        let scratch = try Scratch()
        let file = try scratch.write("file", "")
        #expect(throws: RunError.self) { _ = try SnapshotFolder(file + "/inside", limit: 3) }
        var description = LiveDescription()
        description.events.file = scratch.path("nowhere/events.ndjson")
        #expect(throws: RunError.self) { _ = try EventOutputs(description.events) }
    }

    private func wait(_ seconds: Double, until isTrue: () -> Bool) {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end && !isTrue() { usleep(10_000) }
    }

    @Test func aCommandGetsTheLineOnItsInput() throws {
        let scratch = try Scratch()
        let command = EventCommand("cat > '\(scratch.path("got"))'")
        command.run(record().line)
        wait(5) { command.runningCount == 0 }
        #expect(try String(contentsOfFile: scratch.path("got"), encoding: .utf8) == record().line)
        #expect(command.failed == 0)
    }

    @Test func commandsAreBoundedInNumberAndTimeWithAllTheyStart() throws {
        let scratch = try Scratch()
        // The shell's own child would write after two seconds, if it were left alive.
        let command = EventCommand(
            "(sleep 2; touch '\(scratch.path("late"))') & wait", patience: 0.5)
        for _ in 0..<10 { command.run("x\n") }
        #expect(command.runningCount == EventCommand.limit)
        #expect(command.skipped == 10 - EventCommand.limit)
        wait(1.5) { command.runningCount == 0 }
        #expect(command.runningCount == 0)
        #expect(command.failed == EventCommand.limit)
        usleep(2_000_000)
        #expect(scratch.names.isEmpty)
    }

    @Test func aCommandThatDoesNotReadOrDoesNotExistHarmsNobody() {
        let command = EventCommand("exit 3")
        command.run(String(repeating: "x", count: 3000))
        let missing = EventCommand("/no/such/program")
        missing.run("x\n")
        wait(5) { command.runningCount + missing.runningCount == 0 }
        #expect(command.failed == 1 && missing.failed == 1)
    }
}
