import Foundation
import TestSupport
import Testing

@testable import Video

/// Live sources other than RTSP cameras, each served by the `ffmpeg` program.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct OtherSourcesTests {
    enum Kind: String, CaseIterable, Sendable {
        case mjpeg, srt, rtmp

        func address(_ port: UInt16) -> String {
            switch self {
            case .mjpeg: "http://127.0.0.1:\(port)/camera.mjpg"
            case .srt: "srt://127.0.0.1:\(port)"
            case .rtmp: "rtmp://127.0.0.1:\(port)/live/camera"
            }
        }

        func output(_ port: UInt16) -> [String] {
            switch self {
            case .mjpeg: ["-c:v", "mjpeg", "-f", "mpjpeg", "-listen", "1", address(port)]
            case .srt: ["-c", "copy", "-f", "mpegts", address(port) + "?mode=listener"]
            case .rtmp: ["-c", "copy", "-f", "flv", "-listen", "1", address(port)]
            }
        }

        /// True if FFmpeg here was built with it.
        var isThere: Bool {
            guard self != .mjpeg else { return true }
            let list = TestSupport.Program.run("ffmpeg", ["-v", "quiet", "-protocols"]).text
            let names = String(decoding: list, as: UTF8.self).split { $0.isWhitespace }
            if !names.contains(Substring(rawValue)) {
                print("SKIPPED: this FFmpeg has no \(rawValue)")
                return false
            }
            return true
        }
    }

    private static func freePort() throws -> UInt16 {
        let server = try SilentServer()
        defer { server.close() }
        return server.port
    }

    private func serving(
        _ output: [String], _ body: () throws -> Void
    ) throws {
        let camera = try Media.cameraMovie()
        let server = try Command(["ffmpeg", "-v", "quiet", "-nostdin", "-re", "-stream_loop", "-1"])
            .start(
                ["-i", camera] + output, output: .nullDevice, standardError: .nullDevice, input: nil
            )
        defer {
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        try body()
    }

    @Test(arguments: Kind.allCases)
    func sourceIsReadToItsEndAndAgainAfterItReturns(kind: Kind) throws {
        guard kind.isThere else { return }
        let port = try Self.freePort()
        var options = CameraFaultTests.options()
        options.deadlines.open = 5
        var reader = CameraReader(kind.address(port), options: options)
        for round in 0..<2 {
            try serving(kind.output(port)) {
                let begun = ProcessInfo.processInfo.systemUptime
                try read(&reader, frames: 30)
                // Attempts are up to two seconds apart by then, and the frames take more than one.
                #expect(ProcessInfo.processInfo.systemUptime - begun < 9, "round \(round)")
            }
        }
        #expect(reader.losses == 1)
    }

    @Test func rawVideoOverUDPHasTheTimeOfItsArrival() throws {
        let port = try Self.freePort()
        let address = "udp://127.0.0.1:\(port)"
        let output = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "10"]
        try serving(output + ["-f", "h264", address + "?pkt_size=1316"]) {
            var reader = try VideoReader(address)
            #expect(reader.description.isLive && reader.description.isStampedByArrival)
            var seconds: [Double] = []
            while seconds.count < 160, let item = try reader.next() {
                if case .frame(let frame) = consume item { seconds.append(frame.timestamp.seconds) }
            }
            #expect(zip(seconds, seconds.dropFirst()).allSatisfy { $0 < $1 })
            // Frames that arrived while the stream was probed come at once.
            let late = seconds.suffix(40)
            let rate = 39 / ((late.last ?? 0) - (late.first ?? 0))
            #expect(abs(rate - 25) < 3, "\(seconds)")
        }
    }

    private func read(_ reader: inout CameraReader, frames: Int) throws {
        let end = ProcessInfo.processInfo.systemUptime + 20
        var last: Double?
        var left = frames
        while left > 0 {
            try #require(ProcessInfo.processInfo.systemUptime < end, "no frames")
            switch try reader.next() {
            case .connected: last = nil
            case .lost: break
            case .item(.packet): break
            case .item(.frame(let frame)):
                #expect(frame.width == 320 && frame.height == 192)
                #expect(frame.timestamp.seconds > last ?? -.infinity)
                last = frame.timestamp.seconds
                left -= 1
            }
        }
    }

    @Test func transportStreamFramesHaveTheArrivalOfTheirFirstPacket() throws {
        let scratch = try Scratch()
        let stream = scratch.path("camera.ts")
        let pipe = scratch.path("pipe.ts")
        _ = TestSupport.Program.run(
            "ffmpeg", ["-v", "error", "-i", try Media.cameraMovie(), "-c", "copy", stream])
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        let sender = try TransportStreamSender(stream, into: pipe, framesPerSecond: 10)
        let watch = try CameraWatch(pipe, CameraFaultTests.options(), frames: 20)
        sender.stop()
        // Packets that arrived while opening were buffered.
        let ways = zip(watch.arrivals, sender.begun).dropFirst(12).map { $0 - $1 }
        let middle = ways.sorted()[ways.count / 2]
        #expect((-0.02...0.06).contains(middle), "\(ways)")
    }

    @Test func hlsIsReadAndAKilledServerIsALoss() throws {
        let scratch = try Scratch()
        let port = try Self.freePort()
        let list = scratch.path("live.m3u8")
        let output = ["-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_list_size", "4"]
        try serving(output + ["-hls_flags", "delete_segments", list]) {
            let files = try Command(["python3", "-m", "http.server", "\(port)"]).start(
                ["--bind", "127.0.0.1", "--directory", scratch.url.path], output: .nullDevice,
                standardError: .nullDevice, input: nil)
            defer { kill(files.processIdentifier, SIGKILL) }
            let end = ProcessInfo.processInfo.systemUptime + 10
            while !FileManager.default.fileExists(atPath: list)
                && ProcessInfo.processInfo.systemUptime < end
            {
                usleep(50_000)
            }
            var options = CameraFaultTests.options()
            options.deadlines.betweenPackets = 3
            var reader = CameraReader("http://127.0.0.1:\(port)/live.m3u8", options: options)
            try read(&reader, frames: 60)
            #expect(reader.losses == 0)
            kill(files.processIdentifier, SIGKILL)
            var loss: CameraReader.Loss?
            while loss == nil {
                if case .lost(let seen) = try reader.next() { loss = seen }
            }
            #expect(loss?.wasConnected == true)
        }
    }

    @Test func missingDeviceIsReportedByName() throws {
        var reader = CameraReader("/dev/video99", options: CameraFaultTests.options())
        guard case .lost(let loss) = try reader.next() else {
            Issue.record("a device that is not there was opened")
            return
        }
        #expect(loss.error.kind == .notFound)
        #expect(loss.error.message.contains("/dev/video99: No such file or directory"))
    }
}
