import Foundation
import TestSupport
import Testing

@testable import Video

/// Files that must never be opened, emptied, removed or renamed over, under the names of our own.
struct LockedFileTests {
    private let scratch: Scratch
    private let mine: String

    init() throws {
        scratch = try Scratch()
        mine = try scratch.write("mine.txt", "mine")
    }

    enum Trap: String, CaseIterable, Sendable {
        case link, danglingLink, hardLink, pipe, folder, foreign
    }

    private func set(_ trap: Trap, at path: String) throws {
        switch trap {
        case .link:
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: mine)
        case .danglingLink:
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: scratch.path("nothing"))
        case .hardLink: try FileManager.default.linkItem(atPath: mine, toPath: path)
        case .pipe:
            let made = unsafe mkfifo(path, 0o600)
            #expect(made == 0)
        case .folder:
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
        case .foreign:
            try Data("other".utf8).write(to: URL(fileURLWithPath: path))
            let given = unsafe geteuid() == 0 ? chown(path, 65534, 65534) : 0
            #expect(given == 0)
        }
    }

    /// True while the trap and what it leads to are untouched.
    private func isUntouched(_ path: String) throws -> Bool {
        let isThere = (try? FileManager.default.attributesOfItem(atPath: path)) != nil
        return try isThere && String(contentsOfFile: mine, encoding: .utf8) == "mine"
            && !FileManager.default.fileExists(atPath: scratch.path("nothing"))
    }

    @Test(arguments: Trap.allCases)
    func nothingButAFileOfThisUserIsOpened(trap: Trap) throws {
        guard trap != .foreign || geteuid() == 0 else { return }
        let path = scratch.path("out.partial.txt")
        try set(trap, at: path)
        #expect(throws: VideoError.self) { _ = try LockedFile(path, mode: .shared) }
        #expect(try isUntouched(path))
    }

    /// Both temporary names of a video, before any frame is encoded.
    @Test(arguments: Trap.allCases, ["partial", "finishing"])
    func theTemporaryNamesOfAVideoAreNotFollowed(trap: Trap, name: String) throws {
        guard trap != .foreign || geteuid() == 0 else { return }
        let path = scratch.path("out.\(name).mp4")
        try set(trap, at: path)
        #expect(throws: VideoError.self) {
            try checkOutputNames(scratch.path("out.mp4"), overwrite: false)
        }
        // Without that check, the file is refused or stays fragmented.
        let report = try? WriterFixture.copy([Media.small()], to: scratch.path("out.mp4"))
        #expect(name == "partial" ? report == nil : report?.isPlain == false)
        #expect(try isUntouched(path))
    }

    @Test(arguments: Trap.allCases)
    func imagesFollowNoLinks(trap: Trap) throws {
        guard trap != .foreign || geteuid() == 0 else { return }
        var reader = try VideoReader(try Media.small())
        guard case .frame(let frame)? = try reader.next() else { return }
        let path = scratch.path("out.partial.png")
        try set(trap, at: path)
        var caught: VideoError?
        do { try ImageFile.write(frame, to: scratch.path("out.png")) } catch { caught = error }
        #expect(caught?.kind == .notWritable)
        #expect(try isUntouched(path))
    }

    @Test func anImageReplacesOnlyIfAsked() throws {
        var reader = try VideoReader(try Media.small())
        guard case .frame(let frame)? = try reader.next() else { return }
        let path = try scratch.write("out.png", "mine")
        var caught: VideoError?
        do {
            try ImageFile.write(frame, to: path, overwrite: false)
        } catch { caught = error }
        #expect(caught?.kind == .exists)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        #expect(scratch.names == ["mine.txt", "out.png"])
    }

    @Test func aSecondRunNeitherWritesNorRemovesWhatTheFirstHolds() throws {
        let path = scratch.path("a.ndjson")
        let first = try GrowingFile(path, overwrite: false)
        try first.append([65])
        #expect(throws: VideoError.self) { _ = try GrowingFile(path, overwrite: false) }
        try first.append([66])
        try first.finish()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "AB")
    }

    @Test func whatAnotherHasPutInPlaceIsNotRenamed() throws {
        let path = scratch.path("a.txt")
        let file = try GrowingFile(path, overwrite: true)
        try file.append([65])
        try FileManager.default.removeItem(atPath: file.partialPath)
        try scratch.write("a.partial.txt", "other")
        #expect(throws: VideoError.self) { try file.finish() }
        file.abandon()
        #expect(scratch.names == ["a.partial.txt", "mine.txt"])
    }

    @Test func aFileThatAppearedMeanwhileIsNotReplaced() throws {
        let path = scratch.path("a.txt")
        let file = try GrowingFile(path, overwrite: false)
        try file.append([65])
        try scratch.write("a.txt", "other")
        #expect(throws: VideoError.self) { try file.finish() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "other")
    }

    /// A crash between linking the finished file and unlinking the partial name leaves both.
    @Test func aSecondNameOfAFinishedFileIsRemovedNotEmptied() throws {
        let path = try scratch.write("a.txt", "whole")
        try FileManager.default.linkItem(atPath: path, toPath: scratch.path("a.partial.txt"))
        #expect(UnfinishedOutput.recover(scratch.path("a.partial.txt")) == nil)
        #expect(scratch.names == ["a.txt", "mine.txt"])
        try FileManager.default.linkItem(atPath: path, toPath: scratch.path("a.partial.txt"))
        let file = try GrowingFile(path, overwrite: true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "whole")
        try file.append([65])
        try file.finish()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "A")
    }

    @Test func outputsThatAreLinksAreRefused() throws {
        let path = scratch.path("a.mp4")
        try set(.danglingLink, at: path)
        for overwrite in [false, true] {
            #expect(throws: VideoError.self) { try checkOutputNames(path, overwrite: overwrite) }
        }
    }

    @Test func onlyRegularFilesOfRealFoldersAreListedAndRemoved() throws {
        try scratch.write("real/a", "1")
        try scratch.write("real/folder/inside", "1")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("real/link"), withDestinationPath: mine)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("linked"), withDestinationPath: scratch.path("real"))
        #expect(RealFolder(scratch.path("linked")) == nil && RealFolder(mine) == nil)
        let folder = try #require(RealFolder(scratch.path("real")))
        #expect(folder.names.sorted() == ["a", "folder", "link"])
        #expect(folder.names.compactMap(folder.size).count == 1)
        for name in ["folder", "link"] {
            #expect(throws: VideoError.self) { try folder.remove(name) }
            #expect(folder.open(name) == nil)
        }
        try folder.remove("a")
        #expect(folder.names.sorted() == ["folder", "link"])
        #expect(try isUntouched(scratch.path("real/folder/inside")))
    }

    @Test func whatCamerasSeeIsNotForOtherUsers() throws {
        let path = scratch.path("r.txt")
        let file = try GrowingFile(path, overwrite: false, mode: .guarded)
        try file.append([65])
        try file.finish()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect((mode ?? 0) & 0o007 == 0)
    }
}
