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
        let writers = ResultsWriters(overwrite: false, classNames: [])
        let (shared, own) = (scratch.path("all.ndjson"), scratch.path("a.ndjson"))
        try writers.open([shared, own])
        try writers.write(frame("a", 0), picture, to: [shared, own])
        try writers.finish([own])
        try writers.open([shared])
        try writers.write(frame("b", 0), picture, to: [shared])
        #expect(scratch.names == ["a.ndjson", "all.partial.ndjson"])
        try writers.finish([shared])
        #expect(scratch.names == ["a.ndjson", "all.ndjson"])
        let text = try String(contentsOfFile: shared, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 2)
    }

    @Test func aFileThatWasNotOpenedIsNotCreated() throws {
        let scratch = try Scratch()
        let writers = ResultsWriters(overwrite: false, classNames: [])
        try writers.write(frame("a", 0), picture, to: [scratch.path("x.csv")])
        try writers.finish([scratch.path("x.csv")])
        #expect(scratch.names.isEmpty)
    }

    @Test func anAbandonedFileKeepsItsPartialName() throws {
        let scratch = try Scratch()
        let writers = ResultsWriters(overwrite: false, classNames: [])
        let path = scratch.path("a.ndjson")
        try writers.open([path])
        try writers.write(frame("a", 0), picture, to: [path])
        #expect(descriptors(of: scratch) == 1)
        writers.abandon([path])
        #expect(descriptors(of: scratch) == 0)
        #expect(scratch.names == ["a.partial.ndjson"])
        #expect(try !Data(contentsOf: scratch.file("a.partial.ndjson")).isEmpty)
    }

    @Test func anAbandonedFileWithoutFramesIsRemoved() throws {
        let scratch = try Scratch()
        let writers = ResultsWriters(overwrite: false, classNames: [])
        let paths = ["a.ndjson", "a.csv", "a.coco.json"].map(scratch.path)
        try writers.open(paths)
        #expect(scratch.names.count == 3)
        writers.abandon(paths)
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
        let writers = ResultsWriters(overwrite: true, classNames: [])
        try writers.open([old])
        #expect(try String(contentsOfFile: old, encoding: .utf8) == "precious")
        try writers.finish([old])
        #expect(try String(contentsOfFile: old, encoding: .utf8).hasPrefix("source,"))
    }
}
