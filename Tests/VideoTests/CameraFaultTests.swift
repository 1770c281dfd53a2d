import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Video

/// Behaviour of `CameraReader` with faulty cameras.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct CameraFaultTests {
    /// Deadlines short enough for tests.
    static func options(_ transports: ReaderOptions.Transport...) -> ReaderOptions {
        var options = ReaderOptions()
        if !transports.isEmpty { options.transports = transports }
        options.deadlines.open = 3
        options.deadlines.firstFrame = 3
        options.deadlines.betweenPackets = 1
        options.measuresRate = false
        return options
    }

    @Test(arguments: [ReaderOptions.Transport.tcp, .udp])
    func cleanCameraHasNoWarnings(transport: ReaderOptions.Transport) throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let watch = try CameraWatch(camera.address(), Self.options(transport), frames: 30)
        #expect(watch.losses.isEmpty)
        #expect(watch.connections.count == 1)
        // FFmpeg gives the first frame of an RTSP session no timestamp.
        #expect(watch.report.missingTimestamps <= 1 && watch.report.repairedTimestamps == 0)
        #expect(watch.report.damagedFrames == 0 && watch.report.decodeErrors == 0)
        #expect(watch.steps.allSatisfy { abs($0 - 0.04) < 0.001 })
    }

    @Test
    func unwantedAudioIsNotRequestedAndDelaysNothing() throws {
        var script = CameraScript(try Media.cameraView())
        script.description = .withSilentSound
        let camera = try CameraServer(script)
        let watch = try CameraWatch(camera.address(), Self.options(), frames: 5)
        #expect(watch.connections[0].outage.seconds < 2)
        #expect(camera.requests.count { $0 == "SETUP" } == 1)
    }

    @Test
    func udpIsTriedWhenTCPFails() throws {
        var script = CameraScript(try Media.cameraView())
        script.transports = [.udp]
        let camera = try CameraServer(script)
        let watch = try CameraWatch(camera.address(), Self.options(), frames: 5)
        #expect(watch.losses.count == 1)
        #expect(watch.connections.count == 1)
    }

    @Test
    func tcpIsTriedWhenUDPPacketsAreLost() throws {
        var script = CameraScript(try Media.cameraView())
        script.losesAllUDP = true
        let camera = try CameraServer(script)
        var choice = TransportChoice([.tcp, .udp], for: camera.address())
        choice.failed(VideoError(.timedOut, "no answer"))
        #expect(choice.current == .udp)
        #expect(throws: VideoError.self) {
            _ = try VideoReader(camera.address(), options: Self.options(.udp))
        }
        choice.failed(VideoError(.timedOut, "no answer"))
        #expect(choice.current == .tcp)
    }

    @Test
    func wrongPasswordIsReportedAndChangesNoTransport() throws {
        var script = CameraScript(try Media.cameraView())
        script.login = ("anna", "secret")
        let camera = try CameraServer(script)
        var reader = CameraReader(camera.address("anna:guess"), options: Self.options())
        guard case .lost(let loss) = try reader.next() else {
            Issue.record("a wrong password opened a camera")
            return
        }
        #expect(loss.error.kind == .notReadable)
        #expect(!loss.error.message.contains("guess"))
        #expect(reader.transport == .tcp)
        let watch = try CameraWatch(camera.address("anna:secret"), Self.options(), frames: 3)
        #expect(watch.losses.isEmpty)
    }

    @Test(arguments: [CameraScript.Description.withoutParameterSets, .odd])
    func unusualSessionDescriptionsAreParsed(description: CameraScript.Description) throws {
        var script = CameraScript(try Media.cameraView())
        script.description = description
        let camera = try CameraServer(script)
        let watch = try CameraWatch(camera.address(), Self.options(), frames: 10)
        #expect(watch.losses.isEmpty, "\(watch.losses)")
    }

    @Test
    func endOfStreamIsALoss() throws {
        var script = CameraScript(try Media.cameraView())
        script.faults = [.disconnect(frame: 15)]
        let camera = try CameraServer(script)
        let watch = try CameraWatch(camera.address(), Self.options(), frames: 40)
        #expect(watch.connections.count >= 3)
        #expect(watch.losses.count == watch.connections.count - 1)
        #expect(watch.losses.allSatisfy { $0.wasConnected })
    }

    @Test(arguments: [
        CameraScript.Fault.silence(seconds: 60, frame: 10),
        .freeze(seconds: 60, frame: 10), .halfClose(frame: 10),
    ])
    func silenceIsALossWithinTheDeadline(fault: CameraScript.Fault) throws {
        let view = try Media.cameraView()
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            if session == 0 { script.faults = [fault] }
            return script
        }
        let watch = try CameraWatch(camera.address(), Self.options(.tcp), frames: 20)
        #expect(watch.connections.count == 2)
        // The deadline, a first delay of at most half a second, opening, and no waiting for
        // teardown.
        #expect(watch.longestWait < 1 + 0.5 + 1)
    }

    @Test(arguments: [ReaderOptions.VideoOutput.frames, .packets])
    func halfAFrameAtAStopIsNotDamage(
        output: ReaderOptions.VideoOutput
    ) throws {
        var script = CameraScript(try Media.cameraView())
        // A key frame, which comes in many packets.
        script.faults = [.breakOff(frame: 25)]
        let camera = try CameraServer(script)
        var options = Self.options(.tcp)
        options.deadlines.betweenPackets = 10
        options.videoOutput = output
        var reader = CameraReader(camera.address(), options: options) {
            camera.playedAt.map { ProcessInfo.processInfo.systemUptime > $0 + 2 } ?? false
        }
        var count = 0
        let error = #expect(throws: VideoError.self) {
            while true { if case .item = try reader.next() { count += 1 } }
        }
        #expect(error?.kind == .stopped)
        #expect(count == 25)
        #expect(reader.report.damagedFrames == 0 && reader.report.decodeErrors == 0)
    }

    @Test
    func undecodableStreamTimesOut() throws {
        let view = try Media.cameraView()
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            script.changed = view.spoiled
            if session == 0 { script.faults = [.change(frame: 10)] }
            return script
        }
        var options = Self.options(.tcp)
        options.deadlines.firstFrame = 2
        let watch = try CameraWatch(camera.address(), options, frames: 20)
        #expect(watch.connections.count == 2)
        #expect(watch.losses.first?.error.message.contains("no frame could be decoded") == true)
        #expect(watch.longestWait < 2 + 0.5 + 1)
    }

    @Test
    func shortSilenceIsTolerated() throws {
        var script = CameraScript(try Media.cameraView())
        script.faults = [.silence(seconds: 0.6, frame: 10)]
        let camera = try CameraServer(script)
        let watch = try CameraWatch(camera.address(), Self.options(), frames: 30)
        #expect(watch.losses.isEmpty)
    }

    @Test
    func restartedCameraIsReadAgain() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let back = Mutex(0.0)
        var killedAt = 0.0
        let watch = try CameraWatch(camera.address(), Self.options(), frames: 30) { count in
            guard count == 10 else { return }
            killedAt = ProcessInfo.processInfo.systemUptime
            camera.stop()
            Thread.detachNewThread {
                usleep(1_500_000)
                try? camera.start()
                back.withLock { $0 = ProcessInfo.processInfo.systemUptime }
            }
        }
        #expect(watch.losses.first?.wasConnected == true)
        #expect(watch.losses.dropFirst().allSatisfy { $0.error.kind == .notFound })
        let reconnected = try #require(watch.connections.last)
        // The reconnect delay grows to at most two seconds within that time.
        #expect(reconnected.at - back.withLock { $0 } < 2 + 1)
        #expect(reconnected.outage.seconds > 1.4)
        #expect(killedAt > 0)
    }

    @Test
    func rtspErrorIsAFailedAttempt() throws {
        let view = try Media.cameraView()
        let camera = try CameraServer { session in
            var script = CameraScript(view)
            if session == 0 { script.refusals = ["PLAY": 454] }
            return script
        }
        let watch = try CameraWatch(camera.address(), Self.options(.tcp), frames: 5)
        #expect(watch.losses.count == 1)
        #expect(watch.losses.first?.wasConnected == false)
    }
}
