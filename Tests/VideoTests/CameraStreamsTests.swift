import Foundation
import TestSupport
import Testing

@testable import Video

/// Streams of cameras: B-frames, HEVC, sound that is refused.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct CameraStreamsTests {
    private static func movie(hevc: Bool) throws -> String {
        let codec =
            hevc
            ? "-c:v libx265 -preset ultrafast -x265-params bframes=3:keyint=25:log-level=none"
            : "-c:v libx264 -preset veryfast -bf 3 -g 25"
        return try MediaFixture.make(
            "b-\(hevc).mp4",
            "-f lavfi -i testsrc2=size=160x96:rate=25:duration=6 -pix_fmt yuv420p \(codec)")
    }

    @Test(arguments: [false, true])
    func framesAndRecordingsOfReorderedVideoAreInOrderFromTheFirst(hevc: Bool) throws {
        guard GStreamerCamera.isThere else { return }
        let camera = try GStreamerCamera(Self.movie(hevc: hevc), isHEVC: hevc)
        defer { camera.stop() }
        var options = ReaderOptions()
        options.videoOutput = .framesAndPackets
        options.kind = .live
        var reader = try VideoReader(camera.address, options: options)
        var watch = ParameterWatch(reader.description)
        let target = WriterFixture.target("b.mp4")
        var writer: PacketWriter?
        var seconds: [Double] = []
        while seconds.count < 60, let item = try reader.next() {
            switch consume item {
            case .frame(let frame): seconds.append(frame.timestamp.seconds)
            case .packet(let packet):
                let isChanged = try watch.note(packet)
                #expect(!isChanged, "parameter sets are only repeated")
                if writer == nil { writer = try PacketWriter(to: target, source: watch.source) }
                try writer?.write(packet)
            }
        }
        let steps = zip(seconds, seconds.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { abs($0 - 0.04) < 0.001 }, "\(seconds.prefix(8))")
        #expect(seconds[0] >= 0)
        #expect(reader.report.missingTimestamps == 0 && reader.report.repairedTimestamps == 0)
        _ = try writer.take()?.finish()
        let recorded = try Probe(target)
        #expect(abs(recorded.frames.first ?? 9) < 0.001)
        let distances = zip(recorded.frames.prefix(50), recorded.frames.dropFirst()).map { $1 - $0 }
        #expect(distances.allSatisfy { abs($0 - 0.04) < 0.001 }, "\(recorded.frames.prefix(8))")
        #expect(recorded.video?.entries["codec_tag_string"] == (hevc ? "hvc1" : "avc1"))
    }

    /// Leaps of a camera's clock, and whether a new file should begin.
    @Test(arguments: [
        ([CameraScript.Fault.misdate(seconds: 7200, frame: 30)], false),
        ([.misdate(seconds: -7200, frame: 30), .misdate(seconds: 7200, frame: 45)], false),
        ([.jump(seconds: 5, frame: 30)], false), ([.jump(seconds: -5, frame: 30)], false),
        ([.jump(seconds: 7200, frame: 30)], true), ([.jump(seconds: -60, frame: 30)], true),
    ])
    func newFileBeginsOnlyAfterAConfirmedLeapOfMoreThanTenSeconds(
        _ faults: [CameraScript.Fault], isNew: Bool
    ) throws {
        var script = CameraScript(try Media.cameraView())
        script.clockStart = 3_000_000_000
        script.faults = faults
        let camera = try CameraServer(script)
        defer { camera.stop() }
        var options = ReaderOptions()
        options.videoOutput = .packets
        var reader = try VideoReader(camera.address(), options: options)
        let target = WriterFixture.target("leap.mp4")
        var writer = try PacketWriter(to: target, source: reader.description)
        var count = 0
        while count < 80, case .packet(let packet)? = try reader.next() {
            try writer.write(packet)
            count += 1
        }
        #expect(writer.hasClockJump == isNew)
        _ = try writer.finish()
        let seconds = try Probe(target).seconds("video")
        let steps = zip(seconds, seconds.dropFirst()).map { $1 - $0 }
        let longest =
            faults.contains { if case .jump(5, _) = $0 { true } else { false } } ? 5.1 : 0.2
        #expect(steps.allSatisfy { $0 > 0 && $0 < longest }, "\(steps.max() ?? 0)")
    }

    @Test func parameterSetsAreComparedOneByOne() {
        let (a, b): ([UInt8], [UInt8]) = ([0, 0, 0, 1, 0x40, 1, 7], [0, 0, 1, 0x42, 2, 9])
        #expect(ParameterWatch.units(a + b) == [[0x40, 1, 7], [0x42, 2, 9]])
        #expect(ParameterWatch.units(b + a + a) == ParameterWatch.units(a + b))
        #expect(ParameterWatch.units([1, 100, 0, 31]) == [[1, 100, 0, 31]])
    }

    private func deliversAFrame(_ reader: inout VideoReader) throws -> Bool {
        guard case .frame? = try reader.next() else { return false }
        return true
    }

    @Test(arguments: [400, 403, 454, 500])
    func cameraThatRefusesItsSoundIsWatchedWithoutIt(code: Int) throws {
        var script = CameraScript(try Media.cameraView())
        script.description = .withSilentSound
        script.soundRefusal = code
        let camera = try CameraServer(script)
        defer { camera.stop() }
        var options = ReaderOptions()
        options.packetKinds = [.audio]
        var reader = try VideoReader(camera.address(), options: options)
        #expect(try deliversAFrame(&reader))
        #expect(reader.report.warnings.contains { $0.contains("refuses") && $0.contains("sound") })
    }

    @Test func cameraWithSoundAloneHasNoVideo() throws {
        var script = CameraScript(try Media.cameraView())
        script.description = .soundOnly
        let camera = try CameraServer(script)
        defer { camera.stop() }
        do {
            _ = try VideoReader(camera.address())
            Issue.record("it was opened")
        } catch {
            #expect(error.kind == .noVideo, "\(error)")
        }
    }

    @Test func schemesInCapitalsAreKnownAndUnknownOnesAreNamed() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        defer { camera.stop() }
        let address = camera.address().replacingOccurrences(of: "rtsp://", with: "RTSP://")
        var reader = try VideoReader(address)
        #expect(try deliversAFrame(&reader))
        do {
            _ = try VideoReader("onvif://127.0.0.1/x")
            Issue.record("it was opened")
        } catch {
            #expect(error.kind == .unsupported)
            #expect(error.message.contains("onvif") && error.message.contains("rtsp"))
        }
    }
}
