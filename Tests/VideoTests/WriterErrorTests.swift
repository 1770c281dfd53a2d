import Foundation
import TestSupport
import Testing

@testable import Video

// Runs many short programs, which may take long on a busy machine.
@Suite(.timeLimit(.minutes(5)))
struct WriterErrorTests {
    private static func source() throws -> String {
        try MediaFixture.make(
            "w25.mp4",
            "\(WriterFixture.frame) \(WriterFixture.tone) \(WriterFixture.x264) -c:a aac")
    }

    private func kind(_ target: String, _ options: WriterOptions = WriterFixture.quick) throws
        -> VideoError.Kind?
    {
        do {
            try WriterFixture.copy([Self.source()], to: target, options: options)
            return nil
        } catch let error as VideoError {
            #expect(error.message.hasSuffix("."))
            return error.kind
        }
    }

    @Test func existingTargetIsNotReplaced() throws {
        let target = WriterFixture.target("out.mp4")
        try Data("mine".utf8).write(to: URL(fileURLWithPath: target))
        #expect(try kind(target) == .exists)
        #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data("mine".utf8))
        var options = WriterFixture.quick
        options.overwrite = true
        #expect(try kind(target, options) == nil)
        #expect(try Probe(target).frames.count == 50)
    }

    @Test func targetCreatedMeanwhileIsNotReplaced() throws {
        let target = WriterFixture.target("out.mp4")
        var caught: VideoError?
        do {
            try WriterFixture.copy([Self.source()], to: target) { _ in
                try Data("mine".utf8).write(to: URL(fileURLWithPath: target))
            }
        } catch let error as VideoError { caught = error }
        #expect(caught?.kind == .exists)
        #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data("mine".utf8))
        let rescued = target.replacingOccurrences(of: "out.", with: "out.partial.")
        #expect(try Probe(rescued).frames.count == 50)
    }

    @Test func secondWriterOfAFileIsRejected() throws {
        let target = WriterFixture.target("out.mp4")
        let reader = try VideoReader(try Self.source())
        let writer = try VideoWriter(to: target, source: reader.description)
        #expect(try kind(target) == .exists)
        _ = consume writer
        #expect(try kind(target) == nil)
    }

    @Test func leftoverOfAKilledRunIsReplacedWithAWarning() throws {
        let target = WriterFixture.target("out.mp4")
        let partial = target.replacingOccurrences(of: "out.", with: "out.partial.")
        try Data("rest".utf8).write(to: URL(fileURLWithPath: partial))
        let report = try WriterFixture.copy([Self.source()], to: target)
        #expect(report.warnings.count == 1)
        #expect(!FileManager.default.fileExists(atPath: partial))
    }

    @Test func invalidTargetsAreRejectedAtOnce() throws {
        let source = try Self.source()
        #expect(try kind("/nowhere/at/all/out.mp4") == .notWritable)
        #expect(try kind(WriterFixture.target("out.avi")) == .unsupported)
        #expect(try kind(WriterFixture.target("out")) == .unsupported)
        #expect(try kind("/proc/out.mp4") == .notWritable)
        var options = WriterFixture.quick
        options.overwrite = true
        #expect(try kind(source, options) == .unsupported)
    }

    @Test func missingOrRejectingEncodersAreReported() throws {
        var options = WriterFixture.quick
        options.encoder = "libnothing"
        #expect(try kind(WriterFixture.target("out.mp4"), options) == .missingCodec)
        options.encoder = "aac"
        #expect(try kind(WriterFixture.target("out.mp4"), options) == .missingCodec)
        options.encoder = "ffv1"
        #expect(try kind(WriterFixture.target("out.mp4"), options) == .unsupported)
        options = WriterFixture.quick
        options.preset = "nonsense"
        let target = WriterFixture.target("out.mp4")
        #expect(try kind(target, options) == .unsupported)
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func withoutAFrameThereIsNoFile() throws {
        let target = WriterFixture.target("out.mp4")
        let reader = try VideoReader(try Self.source())
        let writer = try VideoWriter(to: target, source: reader.description)
        var caught: VideoError?
        do { _ = try writer.finish() } catch { caught = error }
        #expect(caught?.kind == .noVideo)
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test(arguments: ["mp4", "mkv"])
    func fullDiskKeepsWholeFragments(_ ending: String) throws {
        var options = WriterFixture.quick
        options.rate = .quality(1)
        let whole = WriterFixture.target("out.\(ending)")
        let size = try WriterFixture.copy([Self.source()], to: whole, options: options).bytes
        try withSmallDisk(bytes: Int(size) * 6 / 10) { folder in
            let target = "\(folder)/out.\(ending)"
            #expect(try kind(target, options) == .diskFull)
            let rest = try Probe("\(folder)/out.partial.\(ending)")
            let ticks = try Probe(Self.source()).frames
            #expect(rest.frames.count > 3)
            #expect(rest.frames.allSatisfy { time in ticks.contains { abs($0 - time) < 0.0006 } })
        }
    }

    @Test func withoutSpaceForThePlainFileTheFragmentedOneIsKept() throws {
        let size = try WriterFixture.copy([Self.source()], to: WriterFixture.target("out.mp4"))
            .bytes
        try withSmallDisk(bytes: Int(size) * 3 / 2) { folder in
            let report = try WriterFixture.copy([Self.source()], to: "\(folder)/out.mp4")
            #expect(!report.isPlain && report.warnings.count == 1)
            #expect(try Probe("\(folder)/out.mp4").ticks == Probe(Self.source()).ticks)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.mp4"])
        }
    }

    /// Mounts a disk of a few pages; skipped with a message where mounting is not allowed.
    private func withSmallDisk(bytes: Int, _ body: (String) throws -> Void) throws {
        let folder = WriterFixture.target("disk")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mounted = Program.run(
            "mount", ["-t", "tmpfs", "-o", "size=\(bytes)", "tmpfs", folder])
        guard mounted.status == 0 else {
            print("SKIPPED: a full disk needs the right to mount one")
            return
        }
        defer { _ = Program.run("umount", [folder]) }
        try body(folder)
    }
}
