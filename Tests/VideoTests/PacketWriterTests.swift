import Foundation
import TestSupport
import Testing

@testable import Video

/// Remuxing without decoding.
@Suite(.timeLimit(.minutes(2)))
struct PacketWriterTests {
    /// Remuxes a file and returns the report.
    private func copy(
        _ source: String, to target: String, plain: Bool = false, audio: Bool = true
    ) throws -> WriteReport {
        var options = ReaderOptions()
        options.videoOutput = .packets
        options.packetKinds = [.audio]
        var reader = try VideoReader(source, options: options)
        var writer = try PacketWriter(to: target, source: reader.description, audio: audio)
        while let item = try reader.next() {
            guard case .packet(let packet) = consume item else {
                Issue.record("something was decoded")
                break
            }
            try writer.write(packet)
        }
        return try writer.finish(plain: plain)
    }

    /// Hashes of all video packets, without the container's framing.
    private func hashes(_ path: String) throws -> [String] {
        try Command(["ffmpeg", "-v", "error", "-i", path]).run([
            "-map", "0:V:0", "-c", "copy", "-bsf:v",
            "h264_mp4toannexb,filter_units=remove_types=7|8",
            "-f", "framemd5", "-",
        ]).lines.filter { !$0.hasPrefix("#") }.map {
            String($0.split(separator: ",").last ?? "").trimmingCharacters(in: .whitespaces)
        }
    }

    @Test(arguments: ["mp4", "mkv"], [true, false])
    func remuxedPacketsEqualTheSource(ending: String, plain: Bool) throws {
        let source = try Media.small()
        let target = WriterFixture.target("out.\(ending)")
        let report = try copy(source, to: target, plain: plain)
        #expect(report.frames == 50 && report.isPlain == plain && report.path == target)
        #expect(report.droppedStreams.isEmpty && report.warnings.isEmpty)
        #expect(try hashes(target) == hashes(source))
        let (mine, original) = (try MediaFacts(target), try MediaFacts(source))
        #expect(mine.audio == original.audio && !mine.audio.isEmpty)
        #expect(zip(mine.timestamps, original.timestamps).allSatisfy { abs($0 - $1) < 0.0011 })
        #expect(mine.timestamps.count == original.timestamps.count)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: URL(fileURLWithPath: target).deletingLastPathComponent().path)
        #expect(names == ["out.\(ending)"])
    }

    @Test func containerIsChosenByCodecs() throws {
        let reader = try VideoReader(try Media.small())
        #expect(PacketWriter.fileExtension(for: reader.description) == "mp4")
        let law = try VideoReader(
            try Media.small("law.mkv", "-c:a pcm_alaw"))
        #expect(PacketWriter.fileExtension(for: law.description) == "mkv")
        #expect(PacketWriter.fileExtension(for: law.description, audio: false) == "mp4")
        let motion = try Media.make(
            "motion.avi", "-f lavfi -i testsrc2=size=96x96:rate=10:duration=1 -c:v mjpeg")
        let target = WriterFixture.target(
            "out." + PacketWriter.fileExtension(for: try VideoReader(motion).description))
        #expect(try copy(motion, to: target).frames == 10)
        #expect(try MediaFacts(target).timestamps.count == 10)
    }

    @Test func releasedWriterLeavesARecoverableFile() throws {
        let target = WriterFixture.target("out.mp4")
        try start(target)
        let partial = target.replacing("out.mp4", with: "out.partial.mp4")
        #expect(UnfinishedOutput.isUnfinished(partial) && !UnfinishedOutput.isUnfinished(target))
        #expect(UnfinishedOutput.recover(partial) == target)
        #expect(try MediaFacts(target).timestamps.count > 20)
        #expect(UnfinishedOutput.recover(partial) == nil)
    }

    /// Writes one and a half seconds and releases the writer.
    private func start(_ target: String) throws {
        var options = ReaderOptions()
        options.videoOutput = .packets
        var reader = try VideoReader(try Media.small(), options: options)
        var writer = try PacketWriter(to: target, source: reader.description)
        for _ in 0..<38 {
            guard case .packet(let packet)? = try reader.next() else { return }
            try writer.write(packet)
        }
        #expect(writer.bytes > 0)
        // A file being written cannot be recovered.
        #expect(
            UnfinishedOutput.recover(target.replacing("out.mp4", with: "out.partial.mp4")) == nil)
    }

    @Test func withoutAFrameThereIsNoFile() throws {
        let target = WriterFixture.target("out.mp4")
        let reader = try VideoReader(try Media.small())
        let writer = try PacketWriter(to: target, source: reader.description)
        var caught: VideoError?
        do { _ = try writer.finish() } catch { caught = error }
        #expect(caught?.kind == .noVideo)
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func parameterSetChangesAreDetected() throws {
        let small = try Media.make(
            "watch.h264", "-f lavfi -i testsrc2=size=160x96:rate=25:duration=1 -c:v libx264 -g 10")
        let large = try Media.make(
            "watch-large.h264",
            "-f lavfi -i testsrc2=size=320x192:rate=25:duration=1 -c:v libx264 -g 10")
        let both = try Media.write(
            "watch-both.h264",
            Data(contentsOf: URL(fileURLWithPath: small))
                + Data(contentsOf: URL(fileURLWithPath: large)))
        var options = ReaderOptions()
        options.videoOutput = .packets
        var reader = try VideoReader(both, options: options)
        var watch = ParameterWatch(reader.description)
        let target = WriterFixture.target("out.mp4")
        var (changes, keys) = (0, 0)
        var writer: PacketWriter?
        while case .packet(let packet)? = try reader.next() {
            keys += packet.isKey ? 1 : 0
            if try watch.note(packet) {
                changes += 1
                writer = try PacketWriter(to: target, source: watch.source)
            }
            try writer?.write(packet)
        }
        #expect(keys == 6 && changes == 1)
        _ = try writer.take()?.finish()
        let facts = try MediaFacts(target)
        #expect(facts.size == [320, 192] && facts.timestamps.count == 25)
    }
}
