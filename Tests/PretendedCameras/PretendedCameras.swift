import Foundation
import TestSupport

/// Pretended cameras as a program, for measurements of the whole of `thunderline live`.
///
///     pretended-cameras CLIP.h264 COUNT RATE [SEED]
///
/// Each camera shows the clip over and over, so many pictures a second, coded once and for all. Prints an address a
/// line, then `ready`, and from then on `plays CAMERA SECONDS` whenever a session begins to play, in seconds of
/// the monotonic clock. With a seed everything that can go wrong goes wrong, by chance. Ends with its parent.
@main
struct PretendedCameras {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { $0 }
        guard arguments.count >= 3, let count = Int(arguments[1]), let rate = Double(arguments[2])
        else {
            FileHandle.standardError.write(
                Data("pretended-cameras CLIP.h264 COUNT RATE [SEED]\n".utf8))
            exit(64)
        }
        var script = CameraScript(try AnnexB(arguments[0]))
        script.rate = rate
        let seed = arguments.count > 3 ? UInt64(arguments[3]) : nil
        let cameras = try (0..<count).map { try Self.camera($0, script, seed) }
        for camera in cameras { say(camera.address()) }
        say("ready")
        var mischief = seed.map { Mischief(cameras, seed: $0) }
        var told = [Double?](repeating: nil, count: count)
        while getppid() != 1 {
            usleep(20_000)
            for (index, camera) in cameras.enumerated() where camera.playedAt != told[index] {
                told[index] = camera.playedAt
                say("plays \(index) \(told[index] ?? 0)")
            }
            mischief?.act()
        }
    }

    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Camera whose sessions each have a different fault.
    private static func camera(
        _ index: Int, _ script: CameraScript, _ seed: UInt64?
    ) throws -> CameraServer {
        guard let seed else { return try CameraServer(script) }
        return try CameraServer { session in
            var generator = SeededGenerator(
                seed: seed &+ UInt64(index) &* 1_000_003 &+ UInt64(session) &* 7919)
            var script = script
            script.scheduleFault(&generator)
            return script
        }
    }
}

extension CameraScript {
    /// Schedules a random fault some time after the start.
    fileprivate mutating func scheduleFault(_ generator: inout SeededGenerator) {
        let frame = Int.random(in: 20..<200, using: &generator)
        let seconds = Double.random(in: 0.5..<12, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: faults = [.disconnect(frame: frame)]
        case 1: faults = [.freeze(seconds: seconds, frame: frame)]
        case 2: faults = [.silence(seconds: seconds, frame: frame)]
        case 3: faults = [.lose(every: 50), .disconnect(frame: 2 * frame)]
        case 4: faults = [.swap(every: 20), .disconnect(frame: 2 * frame)]
        case 5: faults = [.jump(seconds: 3600, frame: frame), .disconnect(frame: 2 * frame)]
        case 6: faults = [.halfClose(frame: frame)]
        case 7: refusals = ["PLAY": 454]
        case 8: login = ("somebody", "else")
        default: firstFrame = 13
        }
    }
}

/// Cameras that fail now and then and return after a while.
private struct Mischief {
    private let cameras: [CameraServer]
    private var generator: SeededGenerator
    private var next = ProcessInfo.processInfo.systemUptime + 10
    private var dead: CameraServer?

    init(_ cameras: [CameraServer], seed: UInt64) {
        self.cameras = cameras
        generator = SeededGenerator(seed: seed)
    }

    /// Performs the due action: stops a camera or restarts one.
    mutating func act() {
        guard ProcessInfo.processInfo.systemUptime >= next else { return }
        if let gone = dead {
            try? gone.start()
            dead = nil
        } else {
            dead = cameras.randomElement(using: &generator)
            dead?.stop()
        }
        next += Double.random(in: 2..<10, using: &generator)
    }
}
