import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Pipeline

struct ResultsWritersTests {
    private func frame(_ source: String, _ number: Int) -> FrameResult {
        FrameResult(
            source: source, frame: number, pts: 0, time: 0, fate: .detected, isDamaged: false,
            objects: [])
    }

    private let picture = PictureSize(width: 64, height: 64)

    @Test func severalSourcesShareAFileThatIsOpenedOnce() throws {
        let scratch = try Scratch()
        let shelf = ResultsWriters(overwrite: false, classNames: [])
        let (shared, own) = (scratch.path("all.ndjson"), scratch.path("a.ndjson"))
        try shelf.open([shared, own])
        try shelf.write(frame("a", 0), picture, to: [shared, own])
        try shelf.finish([own])
        try shelf.open([shared])
        try shelf.write(frame("b", 0), picture, to: [shared])
        #expect(scratch.names == ["a.ndjson", "all.partial.ndjson"])
        try shelf.finish([shared])
        #expect(scratch.names == ["a.ndjson", "all.ndjson"])
        let text = try String(contentsOfFile: shared, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test func aFileThatWasNotOpenedIsNotCreated() throws {
        let scratch = try Scratch()
        let shelf = ResultsWriters(overwrite: false, classNames: [])
        try shelf.write(frame("a", 0), picture, to: [scratch.path("x.csv")])
        try shelf.finish([scratch.path("x.csv")])
        #expect(scratch.names.isEmpty)
    }

    @Test func anAbandonedFileKeepsItsPartialName() throws {
        let scratch = try Scratch()
        let shelf = ResultsWriters(overwrite: false, classNames: [])
        let path = scratch.path("a.ndjson")
        try shelf.open([path])
        try shelf.write(frame("a", 0), picture, to: [path])
        #expect(descriptors(of: scratch) == 1)
        shelf.abandon([path])
        #expect(descriptors(of: scratch) == 0)
        #expect(scratch.names == ["a.partial.ndjson"])
        #expect(try !Data(contentsOf: scratch.file("a.partial.ndjson")).isEmpty)
    }

    @Test func anAbandonedFileWithoutFramesIsRemoved() throws {
        let scratch = try Scratch()
        let shelf = ResultsWriters(overwrite: false, classNames: [])
        let paths = ["a.ndjson", "a.csv", "a.coco.json"].map(scratch.path)
        try shelf.open(paths)
        #expect(scratch.names.count == 3)
        shelf.abandon(paths)
        #expect(scratch.names.isEmpty)
    }

    /// Number of files in a folder that this process has open.
    private func descriptors(of scratch: Scratch) -> Int {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return numbers.count { number in
            let file = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/fd/\(number)")
            return file?.contains(scratch.url.lastPathComponent) == true
        }
    }

    @Test func existingOutputsAreRefused() throws {
        let scratch = try Scratch()
        let old = try scratch.write("old.csv", "precious")
        #expect(throws: RunError.self) {
            try ResultsWriters(overwrite: false, classNames: []).open([old])
        }
        let shelf = ResultsWriters(overwrite: true, classNames: [])
        try shelf.open([old])
        #expect(try String(contentsOfFile: old, encoding: .utf8) == "precious")
        try shelf.finish([old])
        #expect(try String(contentsOfFile: old, encoding: .utf8).hasPrefix("source,"))
    }
}
