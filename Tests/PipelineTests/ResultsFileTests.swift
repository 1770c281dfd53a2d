import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Pipeline

struct ResultsFileTests {
    private let picture = PictureSize(width: 640, height: 360)
    private let frame = FrameResult(
        source: "a.mp4", frame: 0, pts: 0, time: 0, fate: .detected, isDamaged: false, objects: [])

    @Test func theFinalNameIsGivenAtTheEnd() throws {
        let scratch = try Scratch()
        let path = scratch.path("r.ndjson")
        var file = try ResultsFile(path: path, overwrite: false, classNames: [])
        try file.write(frame, picture)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(
            try String(contentsOf: scratch.file("r.partial.ndjson"), encoding: .utf8).count > 10)
        try file.finish()
        #expect(scratch.names == ["r.ndjson"])
    }

    @Test func existingOutputsAreReplacedOnlyWithOverwrite() throws {
        let scratch = try Scratch()
        let path = try scratch.write("r.csv", "old")
        #expect(throws: RunError.self) {
            try ResultsFile(path: path, overwrite: false, classNames: [])
        }
        var file = try ResultsFile(path: path, overwrite: true, classNames: [])
        try file.finish()
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("source,"))
        #expect(scratch.names == ["r.csv"])
    }

    /// Replacing a file must not remove a folder of that name with its content.
    @Test func aFolderIsNeverReplaced() throws {
        let scratch = try Scratch()
        let path = scratch.path("r.csv")
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        #expect(throws: RunError.self) {
            var file = try ResultsFile(path: path, overwrite: true, classNames: [])
            try file.finish()
        }
        #expect(SourceList.isFolder(path) && scratch.names == ["r.csv"])
    }

    @Test func aFullDiskIsNamed() throws {
        var status: ExitReason?
        do throws(RunError) {
            let link = FileManager.default.temporaryDirectory.path + "/full-\(UUID().uuidString)"
            try? FileManager.default.createSymbolicLink(
                atPath: link + ".partial.csv", withDestinationPath: "/dev/full")
            defer { try? FileManager.default.removeItem(atPath: link + ".partial.csv") }
            _ = try ResultsFile(path: link + ".csv", overwrite: false, classNames: [])
        } catch {
            status = error.reason
        }
        #expect(status == .diskFull)
    }

    @Test func missingFoldersAndUnknownFormsAreErrors() {
        #expect(throws: RunError.self) {
            try ResultsFile(path: "/nowhere/at/all/r.csv", overwrite: false, classNames: [])
        }
        #expect(throws: RunError.self) {
            try ResultsFile(path: "r.xml", overwrite: false, classNames: [])
        }
    }
}
