import Flow
import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Live

struct RecordingFolderTests {
    private let scratch: Scratch
    private let printed = Lock<[String]>([])

    init() throws { scratch = try Scratch() }

    private func folder(keepFor: Double? = nil, keepSize: Int? = nil) throws -> RecordingFolder {
        let printed = printed
        return try RecordingFolder(
            scratch.url.path, keepFor: keepFor, keepSize: keepSize, cameras: ["gate", "yard"],
            console: Console(isQuiet: false, isTerminal: false) { line in
                printed.withLock { $0.append(line) }
            })
    }

    private func file(
        _ camera: String, _ time: Double, _ ending: String = "mp4", bytes: Int = 100,
        isClip: Bool = false
    ) throws -> String {
        let name = RecordingName(
            camera: camera, at: Date(timeIntervalSince1970: time), isClip: isClip)
        let path = "\(camera)/\(name.stem).\(ending)"
        try scratch.write(path, Data(count: bytes))
        return path
    }

    private func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: scratch.path(path))
    }

    @Test func oldRecordingsAreRemovedWithTheirResults() throws {
        let now = 1_700_000_000.0
        let old = [try file("gate", now - 101), try file("gate", now - 101, "ndjson")]
        let clip = try file("yard", now - 200, isClip: true)
        let young = try file("gate", now - 99)
        let foreign = "gate/holiday.mp4"
        try scratch.write(foreign, Data(count: 10))
        try folder(keepFor: 100).prune(now: now)
        #expect(old.allSatisfy { !isThere($0) } && !isThere(clip))
        #expect(isThere(young) && isThere(foreign))
    }

    @Test func theOldestRecordingsOfAllCamerasAreRemovedAboveTheSizeLimit() throws {
        let now = 1_700_000_000.0
        let paths = try (0..<6).map { try file($0 % 2 == 0 ? "gate" : "yard", now + Double($0)) }
        let folder = try folder(keepSize: 350)
        folder.prune(now: now)
        #expect(paths.map(isThere) == [false, false, false, true, true, true])
        #expect(folder.total == 300)
        // After the first scan, recordings that are finished later count too.
        let stem = try folder.begin(
            RecordingName(camera: "gate", at: Date(timeIntervalSince1970: now + 9), isClip: false))
        try Data(count: 100).write(to: URL(fileURLWithPath: stem + ".partial.mp4"))
        #expect(folder.total == 400)
        folder.prune(now: now)
        #expect(paths.map(isThere) == [false, false, false, false, true, true])
        folder.end(stem)
        #expect(FileManager.default.fileExists(atPath: stem + ".mp4"))
        folder.prune(now: now)
        #expect(folder.total == 300)
    }

    @Test func filesThatCannotBeRemovedAreSkipped() throws {
        let now = 1_700_000_000.0
        let paths = try (0..<3).map { try file("gate", now + Double($0)) }
        let chattr = Command(["chattr"])
        guard try chattr.run(["+i", scratch.path(paths[0])]).status == 0 else { return }
        defer { _ = try? chattr.run(["-i", scratch.path(paths[0])]) }
        let folder = try folder(keepSize: 150)
        for _ in 0..<2 {
            folder.prune(now: now)
            #expect(paths.map(isThere) == [true, false, false])
            #expect(folder.total == 100)
        }
        #expect(printed.withLock { $0.count } == 1)
    }

    @Test func unfinishedFilesAreNeverRemoved() throws {
        let folder = try folder(keepFor: 1, keepSize: 1)
        let name = RecordingName(camera: "gate", at: Date(timeIntervalSince1970: 5), isClip: false)
        let stem = try folder.begin(name)
        try Data(count: 100).write(to: URL(fileURLWithPath: stem + ".partial.mp4"))
        folder.prune(now: 1_700_000_000)
        #expect(FileManager.default.fileExists(atPath: stem + ".partial.mp4"))
    }

    @Test func filesOfAKilledRunAreRecoveredUnlessBeingWritten() throws {
        let left = try file("gate", 1_700_000_000, "partial.mp4")
        let lines = try file("gate", 1_700_000_000, "partial.ndjson")
        let empty = try file("gate", 1_700_000_001, "partial.mp4", bytes: 0)
        let busy = try file("yard", 1_700_000_002, "partial.mkv")
        let holder = try FileHandle(forUpdating: scratch.file(busy))
        flock(holder.fileDescriptor, LOCK_EX)
        _ = try folder()
        #expect(!isThere(left) && isThere(left.replacing(".partial", with: "")))
        #expect(!isThere(lines) && isThere(lines.replacing(".partial", with: "")))
        #expect(!isThere(empty) && !isThere(empty.replacing(".partial", with: "")))
        #expect(isThere(busy))
        #expect(printed.withLock { $0.count } == 2)
        try holder.close()
    }

    @Test func onlyFilesAreRemovedAndNothingBehindLinks() throws {
        let now = 1_700_000_000.0
        let outside = try Scratch()
        let name = { (camera: String) in
            RecordingName(camera: camera, at: Date(timeIntervalSince1970: now - 500), isClip: false)
                .stem + ".mp4"
        }
        try outside.write(name("porch"), "outside")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("porch"), withDestinationPath: outside.url.path)
        try scratch.write("gate/\(name("gate"))/inside.txt", "kept")
        try scratch.write("yard/x", "")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("yard/\(name("yard"))"), withDestinationPath: outside.url.path)
        let old = try file("gate", now - 501)
        try folder(keepFor: 100, keepSize: 1).prune(now: now)
        #expect(!isThere(old) && isThere("gate/\(name("gate"))/inside.txt"))
        #expect(outside.names == [name("porch")])
        #expect(isThere("yard/\(name("yard"))"))
    }

    @Test func aCamerasFolderThatIsALinkIsRefused() throws {
        let outside = try Scratch()
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("gate"), withDestinationPath: outside.url.path)
        #expect(throws: RunError.self) { _ = try folder() }
        #expect(outside.names.isEmpty)
    }

    @Test func aSecondRunOnTheFolderIsRefused() throws {
        var first: RecordingFolder? = try folder()
        var refusal: RunError?
        do { _ = try folder() } catch let error as RunError { refusal = error }
        #expect(refusal?.reason == .notWritable && refusal?.message.contains("another run") == true)
        withExtendedLifetime(first) {}
        first = nil
        _ = try folder()
    }

    /// A trial of writing must not open what lies under its name.
    @Test func nothingUnderATrialsNameIsOpened() throws {
        let mine = try scratch.write("mine", "mine")
        try FileManager.default.createDirectory(
            atPath: scratch.path("gate"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("gate/.thunderline"), withDestinationPath: mine)
        _ = try folder()
        #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine")
        #expect(scratch.names == ["gate", "mine", "yard"])
    }

    @Test func aLeapOfTheWallClockRemovesNothing() throws {
        let now = 1_700_000_000.0
        let second: UInt64 = 1_000_000_000
        let recording = try file("gate", now)
        let folder = try folder(keepFor: 100)
        folder.prune(now: now, uptime: second)
        folder.prune(now: now + 1e8, uptime: 2 * second)
        folder.prune(now: now + 1e8 + 600, uptime: 602 * second)
        #expect(isThere(recording))
        #expect(printed.withLock { $0.count { $0.contains("leapt by") } } == 1)
        // It is right again, and then leaps once more and stays there.
        folder.prune(now: now + 90, uptime: 91 * second)
        #expect(isThere(recording))
        folder.prune(now: now + 1e8, uptime: 92 * second)
        folder.prune(now: now + 1e8 + 3700, uptime: 3792 * second)
        #expect(!isThere(recording))
    }

    @Test func aFolderThatBecomesALinkIsNotFollowed() throws {
        let outside = try Scratch()
        let folder = try folder()
        let files = FileManager.default
        try files.removeItem(atPath: scratch.path("gate"))
        try files.createSymbolicLink(
            atPath: scratch.path("gate"), withDestinationPath: outside.url.path)
        let name = RecordingName(camera: "gate", at: Date(timeIntervalSince1970: 5), isClip: false)
        #expect(throws: RunError.self) { try folder.begin(name) }
    }
}
