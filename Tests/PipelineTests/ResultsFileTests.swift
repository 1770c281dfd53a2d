import Flow
import Foundation
import Glibc
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

    @Test func aLimitOfFileSizeIsAFullDiskNotTheEnd() async {
        await #expect(processExitsWith: .exitCode(74)) {
            StopSignal.ignoreFileSizeLimit()
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let scratch = try Scratch()
            let path = scratch.path("r.ndjson")
            do throws(RunError) {
                var file = try ResultsFile(path: path, overwrite: false, classNames: [])
                let frame = FrameResult(
                    source: "a.mp4", frame: 0, pts: 0, time: 0, fate: .detected, isDamaged: false,
                    objects: [])
                for _ in 0..<100 { try file.write(frame, PictureSize(width: 640, height: 360)) }
            } catch {
                let text = try String(
                    contentsOfFile: scratch.path("r.partial.ndjson"), encoding: .utf8)
                exit(text.hasSuffix("}\n") ? error.reason.rawValue : 1)
            }
        }
    }

    @Test func aSecondRunIsRefusedAndTheFirstUnharmed() throws {
        let scratch = try Scratch()
        let path = scratch.path("r.ndjson")
        var first = try ResultsFile(path: path, overwrite: true, classNames: [])
        try first.write(frame, picture)
        var refusal: RunError?
        do throws(RunError) {
            _ = try ResultsFile(path: path, overwrite: true, classNames: [])
        } catch { refusal = error }
        #expect(refusal?.reason == .notWritable && refusal?.message.contains("another run") == true)
        try first.write(frame, picture)
        try first.finish()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 2 && !text.contains("\0"))
    }

    @Test func linksUnderTheGrowingNameAreNotFollowed() throws {
        let scratch = try Scratch()
        let mine = try scratch.write("mine", "mine")
        for name in ["r.partial.csv", "s.partial.mot.txt", "t.partial.coco.json"] {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: mine)
            let path = scratch.path(name.replacing(".partial", with: ""))
            #expect(throws: RunError.self) {
                try ResultsFile(path: path, overwrite: true, classNames: [])
            }
        }
        #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
    }

    @Test func aFileThatAppearedMeanwhileIsKept() throws {
        let scratch = try Scratch()
        let path = scratch.path("r.csv")
        var file = try ResultsFile(path: path, overwrite: false, classNames: [])
        try file.write(frame, picture)
        try scratch.write("r.csv", "mine")
        #expect(throws: RunError.self) { try file.finish() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        #expect(scratch.names == ["r.csv", "r.partial.csv"])
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
