import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Configuration
@testable import Live

struct EventFileTests {
    @Test func linesAreAppendedAfterTruncationAndRenaming() throws {
        let scratch = try Scratch()
        let path = try scratch.write("seen.ndjson", "whole\ntor")
        let text = { (name: String) in
            try String(contentsOfFile: scratch.path(name), encoding: .utf8)
        }
        var file = try EventFile(path)
        try file.append("a\n")
        #expect(try text("seen.ndjson") == "whole\ntor\na\n", "a line that was cut off is ended")
        _ = unsafe truncate(path, 0)
        try file.append("b\n")
        #expect(try text("seen.ndjson") == "b\n")
        try FileManager.default.moveItem(atPath: path, toPath: scratch.path("old.ndjson"))
        try file.append("c\n")
        try file.append("d\n")
        #expect(try text("old.ndjson") == "b\n" && text("seen.ndjson") == "c\nd\n")
    }

    @Test func onlyAFileOfOurOwnIsWrittenAndByOneRun() throws {
        let scratch = try Scratch()
        let mine = try scratch.write("mine", "mine")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("link.ndjson"), withDestinationPath: mine)
        for path in [scratch.path("link.ndjson"), "/dev/full"] {
            #expect(throws: RunError.self) { _ = try EventFile(path) }
        }
        #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
        let first = try EventFile(scratch.path("seen.ndjson"))
        #expect(throws: RunError.self) { _ = try EventFile(scratch.path("seen.ndjson")) }
        withExtendedLifetime(first) {}
    }

    @Test func unwritableOutputsAreReportedAtTheStart() throws {
        let scratch = try Scratch()
        let file = try scratch.write("file", "")
        #expect(throws: RunError.self) { _ = try SnapshotFolder(file + "/inside", limit: 3) }
        var description = LiveDescription()
        description.events.file = scratch.path("nowhere/events.ndjson")
        #expect(throws: RunError.self) { _ = try EventOutputs(description.events) }
    }
}
