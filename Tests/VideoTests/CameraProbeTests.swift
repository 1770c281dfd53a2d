import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Video

/// Results of probing cameras.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct CameraProbeTests {
    private func probe(
        _ address: String, seconds: Double = 2.5,
        transports: [ReaderOptions.Transport] = [.tcp],
        stop: @escaping @Sendable () -> Bool = { false }
    ) throws -> CameraProbe {
        var options = CameraFaultTests.options()
        options.transports = transports
        return try CameraProbe.inspect(address, seconds: seconds, options: options, stop: stop)
    }

    private func probe(
        seconds: Double = 2.5, transports: [ReaderOptions.Transport] = [.tcp],
        _ change: (inout CameraScript) throws -> Void
    ) throws -> CameraProbe {
        var script = CameraScript(try Media.cameraView())
        try change(&script)
        let camera = try CameraServer(script)
        return try probe(camera.address(), seconds: seconds, transports: transports)
    }

    private func warnings(_ probe: CameraProbe) -> String {
        probe.findings.filter { $0.weight == .warning }.map(\.sentence).joined(separator: "\n")
    }

    private func notes(_ probe: CameraProbe) -> String {
        probe.findings.filter { $0.weight == .note }.map(\.sentence).joined(separator: "\n")
    }

    @Test
    func cleanCameraIsMeasuredOverBothTransports() throws {
        let probe = try probe(transports: [.tcp, .udp]) {
            $0.wallClock = Date().timeIntervalSince1970
        }
        #expect(probe.transports.map(\.transport) == [.tcp, .udp])
        #expect(probe.transports.allSatisfy { $0.failure == nil && $0.missedPackets == 0 })
        #expect(probe.transport == .tcp)
        #expect(probe.description.video.width == 320)
        #expect(probe.profile == "High")
        #expect(abs(probe.timestamps.rate - 25) < 0.01)
        #expect(probe.timestamps.jitter < 0.001)
        #expect(abs(probe.arrivals.rate - 25) < 3)
        #expect(probe.keyFrames.frames == 25)
        #expect(abs((probe.keyFrames.seconds ?? 0) - 1) < 0.01)
        #expect(abs(probe.clock.wallOffset ?? 99) < 1)
        #expect(probe.volume.bitRate > 10_000 && probe.volume.largestFrame > 1000)
        #expect(probe.order == CameraProbe.TimestampOrder())
        #expect((probe.opening.firstFrame ?? 99) < 3)
        #expect(!warnings(probe).contains("key frame") && !warnings(probe).contains("B-frames"))
        #expect(notes(probe).contains("UDP works as well"))
    }

    @Test
    func longKeyFrameIntervalIsReportedWithAdvice() throws {
        let probe = try probe(seconds: 5) {
            $0.frames = try AnnexB(
                Media.make(
                    "long-gop.h264",
                    "-f lavfi -i testsrc2=size=160x96:rate=25:duration=12 -c:v libx264 -bf 0 "
                        + "-preset ultrafast -g 300 -sc_threshold 0 -pix_fmt yuv420p -f h264"))
        }
        #expect(probe.keyFrames.count == 1)
        #expect(probe.keyFrames.seconds == nil && probe.keyFrames.secondsWithout > 4)
        #expect(warnings(probe).contains("No second key frame"))
        #expect(warnings(probe).contains("25 to 50 frames"))
    }

    @Test
    func networkJitterIsSeparateFromTimestampJitter() throws {
        let probe = try probe { $0.jitter = 0.03 }
        #expect(probe.arrivals.jitter > 0.004)
        #expect(probe.timestamps.jitter < 0.001)
    }

    @Test
    func pauseIsReported() throws {
        let probe = try probe { $0.faults = [.silence(seconds: 0.7, frame: 25)] }
        #expect(probe.arrivals.longest > 0.6)
        #expect(warnings(probe).contains("passed between two frames"))
    }

    @Test
    func lostPacketsAreCountedAndTCPIsRecommended() throws {
        let probe = try probe(transports: [.udp]) { $0.faults = [.lose(every: 23)] }
        #expect(probe.transports[0].missedPackets > 0)
        #expect(probe.report.damagedFrames > 0)
        #expect(warnings(probe).contains("use TCP"))
    }

    @Test
    func fastClockIsReported() throws {
        let probe = try probe(seconds: 4) { $0.clockSpeed = 1.02 }
        let drift = try #require(probe.clock.drift)
        #expect(abs(drift.partsPerMillion - 20_000) < 5000)
        #expect(warnings(probe).contains("too fast"))
    }

    @Test
    func wrongOrMissingWallClockIsReported() throws {
        let behind = try probe { $0.wallClock = Date().timeIntervalSince1970 - 60 }
        #expect(abs((behind.clock.wallOffset ?? 0) + 60) < 1)
        #expect(warnings(behind).contains("behind this machine's"))
        let silent = try probe { _ in }
        #expect(silent.clock.wallOffset == nil)
        #expect(notes(silent).contains("does not send its wall clock"))
    }

    @Test
    func timestampJumpIsReported() throws {
        let probe = try probe { $0.faults = [.jump(seconds: 3600, frame: 25)] }
        #expect(probe.report.clockJumps == 1)
        #expect(probe.clock.drift == nil)
        #expect(warnings(probe).contains("source's clock"))
    }

    @Test
    func brokenConnectionsAreCountedDuringTheProbe() throws {
        let probe = try probe(seconds: 4) { $0.faults = [.disconnect(frame: 30)] }
        #expect(probe.losses.count >= 1)
        #expect(probe.timestamps.longest < 0.5)
        #expect(warnings(probe).contains("was lost"))
    }

    @Test
    func workingTransportIsFound() throws {
        let onlyUDP = try probe(transports: [.tcp, .udp]) { $0.transports = [.udp] }
        #expect(onlyUDP.transport == .udp)
        #expect(notes(onlyUDP).contains("TCP does not work"))
        let onlyTCP = try probe(transports: [.tcp, .udp]) { $0.losesAllUDP = true }
        #expect(onlyTCP.transport == .tcp)
        #expect(onlyTCP.transports[1].failure != nil && onlyTCP.transports[1].firstFrame == nil)
    }

    @Test
    func announcedAudioWithoutPacketsIsReported() throws {
        var script = CameraScript(try Media.cameraView())
        script.description = .withSilentSound
        let camera = try CameraServer(script)
        var options = CameraFaultTests.options(.tcp)
        // FFmpeg waits five seconds for an announced stream.
        options.deadlines.open = 10
        let probe = try CameraProbe.inspect(camera.address(), seconds: 2, options: options)
        #expect(probe.audio.map(\.codec) == ["pcm_alaw"])
        #expect(notes(probe).contains("announces audio (pcm_alaw) but sends none"))
    }

    @Test
    func gstreamerCameraWithAudioAndBFramesIsMeasured() throws {
        guard GStreamerCamera.isThere else { return }
        let file = try Media.make(
            "reordered.mp4",
            "-f lavfi -i testsrc2=size=320x192:rate=25:duration=20 -f lavfi -i sine=440:duration=20 "
                + "-c:v libx264 -preset veryfast -bf 2 -b_strategy 0 -g 50 -pix_fmt yuv420p -c:a aac"
        )
        let camera = try GStreamerCamera(file, audio: true)
        defer { camera.stop() }
        let probe = try probe(camera.address, seconds: 4, transports: [.tcp, .udp])
        #expect(probe.transports.allSatisfy { $0.failure == nil })
        #expect(probe.order.reordering > 0)
        #expect(warnings(probe).contains("B-frames"))
        #expect(abs(probe.timestamps.rate - 25) < 0.1)
        #expect(probe.keyFrames.frames == 50)
        let audio = try #require(probe.audio.first)
        #expect(audio.codec == "aac" && audio.packets > 50)
    }

    @Test
    func wrongPasswordIsTriedOnceOnly() throws {
        var script = CameraScript(try Media.cameraView())
        script.login = ("anna", "secret")
        let camera = try CameraServer(script)
        let error = #expect(throws: VideoError.self) {
            try probe(camera.address("anna:guess"), transports: [.tcp, .udp])
        }
        #expect(error?.kind == .notReadable)
        #expect(error?.message.contains("guess") == false)
        #expect(camera.sessions == 1)
    }

    @Test
    func unreachableAndSilentCamerasEndWithinTheDeadlines() throws {
        let nobody = #expect(throws: VideoError.self) {
            try probe("rtsp://127.0.0.1:1/camera", transports: [.tcp, .udp])
        }
        #expect(nobody?.kind == .notFound)
        let silent = try SilentServer()
        defer { silent.close() }
        let start = ProcessInfo.processInfo.systemUptime
        let silence = #expect(throws: VideoError.self) {
            try probe("rtsp://127.0.0.1:\(silent.port)/camera", transports: [.tcp, .udp])
        }
        #expect(silence?.kind == .timedOut)
        // Two transports, three seconds and one of grace each.
        #expect(ProcessInfo.processInfo.systemUptime - start < 2 * (3 + 1) + 4)
    }

    @Test
    func stoppedProbeReturnsPartialResults() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let end = ProcessInfo.processInfo.systemUptime + 3
        let probe = try probe(camera.address(), seconds: 60, transports: [.tcp, .udp]) {
            ProcessInfo.processInfo.systemUptime > end
        }
        #expect(probe.isStopped && probe.transports.count == 1)
        #expect(probe.report.frames > 10 && probe.seconds < 10)
    }
}
