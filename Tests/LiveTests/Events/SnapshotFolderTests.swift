import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

struct SnapshotFolderTests {
    @Test func onlyTheNewestSnapshotsAreKeptOverRuns() throws {
        let scratch = try Scratch()
        let path = scratch.path("seen")
        for run in 0..<2 {
            var folder = try SnapshotFolder(path, limit: 3)
            for number in 0..<4 {
                var record = EventRecord.example(number)
                // Two cameras, so that names alone do not sort by time.
                record.camera = number % 2 == 0 ? "a" : "z"
                record.time += Double(run * 10 + number)
                try folder.write([1, 2, 3], as: record.snapshotName)
            }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(left.count == 3)
        #expect(left.allSatisfy { $0.contains("20250201T0000") }, "\(left)")
    }

    @Test func otherFilesAreKept() throws {
        let scratch = try Scratch()
        let foreign = [
            "holiday.jpg", "gate-20250131T235959.123Z.jpg", "gate-20250131T235959.123Z-7-seen.jpg",
            "x-7-begin.jpg",
        ]
        for name in foreign { try scratch.write(name, "x") }
        var record = EventRecord.example()
        record.camera = "LOBBYZ-2"
        for number in 0..<4 {
            record.time += Double(number)
            var folder = try SnapshotFolder(scratch.url.path, limit: 1)
            try folder.write([1], as: record.snapshotName)
        }
        #expect(Set(scratch.names) == Set(foreign + [record.snapshotName]))
    }
}
