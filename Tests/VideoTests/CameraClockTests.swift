import Foundation
import TestSupport
import Testing

@testable import Video

/// Timestamps and losses of camera streams.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct CameraClockTests {
    private func watch(
        _ frames: Int = 40, transport: ReaderOptions.Transport = .tcp,
        _ change: (inout CameraScript) throws -> Void
    ) throws -> CameraWatch {
        var script = CameraScript(try Media.cameraView())
        try change(&script)
        let camera = try CameraServer(script)
        return try CameraWatch(
            camera.address(), CameraFaultTests.options(transport), frames: frames)
    }

    @Test(arguments: [3600.0, -3600])
    func clockJumpIsCorrectedAndCounted(seconds: Double) throws {
        let watch = try watch { $0.faults = [.jump(seconds: seconds, frame: 20)] }
        #expect(watch.losses.isEmpty)
        #expect(watch.report.clockJumps == 1)
        #expect(watch.steps.allSatisfy { $0 > 0 && $0 < 1 }, "\(watch.steps)")
    }

    @Test
    func timestampWrapContinues() throws {
        // 20 frames before the 32-bit wrap; with all bits set FFmpeg would treat a timestamp as
        // missing.
        let watch = try watch {
            $0.clockStart = UInt32.max - 20 * 3600 + 1800
            $0.wallClock = 1_700_000_000
        }
        #expect(watch.report.repairedTimestamps == 0)
        #expect(watch.steps.allSatisfy { abs($0 - 0.04) < 0.001 })
        #expect(told(watch, from: 1_700_000_000))
    }

    /// True if every frame but the first has the camera's clock of its capture.
    private func told(_ watch: CameraWatch, from wall: Double) -> Bool {
        watch.wallClocks.enumerated().dropFirst().allSatisfy { number, clock in
            clock.map { abs($0 - wall - Double(number) / 25) < 0.002 } ?? false
        }
    }

    @Test
    func sequenceNumberWrapLosesNothing() throws {
        let watch = try watch(transport: .udp) { $0.sequenceStart = UInt16.max - 30 }
        #expect(watch.report.damagedFrames == 0)
        #expect(watch.steps.allSatisfy { abs($0 - 0.04) < 0.001 })
    }

    @Test
    func reorderedPacketsAreSorted() throws {
        let watch = try watch(transport: .udp) { $0.faults = [.swap(every: 7)] }
        #expect(watch.report.damagedFrames == 0)
        #expect(watch.report.decodeErrors == 0)
    }

    @Test
    func framesWithLostPacketsAreDamaged() throws {
        let watch = try watch(60, transport: .udp) { $0.faults = [.lose(every: 23)] }
        #expect(watch.losses.isEmpty)
        #expect(watch.report.missedPackets > 3)
        let first = try #require(watch.damaged.firstIndex(of: true))
        // Key frames are 25 frames apart; with a loss every few frames almost none is intact.
        #expect(watch.report.damagedFrames > (60 - first) / 2, "\(watch.damaged)")
        #expect(watch.report.damagedFrames == watch.damaged.count { $0 })
    }

    @Test(arguments: [ReaderOptions.Transport.tcp, .udp])
    func framesHaveTheArrivalOfTheirFirstPacket(transport: ReaderOptions.Transport) throws {
        var script = CameraScript(try Media.cameraView())
        script.rate = 10
        let camera = try CameraServer(script)
        let watch = try CameraWatch(
            camera.address(), CameraFaultTests.options(transport), frames: 20)
        let begun = try #require(camera.playedAt)
        // The first few were buffered. A parser that holds frames would add 0.1 s.
        let ways = watch.arrivals.enumerated().dropFirst(8).map { $1 - begun - Double($0) / 10 }
        let middle = ways.sorted()[ways.count / 2]
        #expect((-0.02...0.06).contains(middle), "\(ways)")
    }

    @Test
    func markerBitsAreOptional() throws {
        let watch = try watch { $0.marks = false }
        #expect(watch.losses.isEmpty)
        #expect(watch.report.damagedFrames == 0)
    }

    @Test
    func framesWithOtherParameterSetsAreScaledToTheFirst() throws {
        let larger = try Media.largerCameraView()
        let watch = try watch {
            $0.changed = larger
            // The other stream is joined at one of its key frames.
            $0.faults = [.change(frame: 25)]
        }
        #expect(watch.losses.isEmpty)
        #expect(watch.report.refittedFrames > 0)
        #expect(Set(watch.sizes) == [320])
    }

    @Test
    func startBetweenKeyFramesWaitsForTheNext() throws {
        let watch = try watch(10) {
            $0.firstFrame = 13
            $0.description = .withoutParameterSets
        }
        #expect(watch.losses.isEmpty)
        #expect(watch.seconds.count == 10)
    }

    @Test
    func framesCarryTheCamerasWallClock() throws {
        let wall = 1_700_000_000.0
        let watch = try watch { $0.wallClock = wall }
        #expect(told(watch, from: wall), "\(watch.wallClocks)")
    }

    @Test
    func framesCarryTheArrivalOfTheirPackets() throws {
        let watch = try watch { _ in }
        let now = Double(ProcessInfo.processInfo.systemUptime)
        let late = watch.arrivals.suffix(20)
        #expect(late.allSatisfy { $0 < now && now - $0 < 20 })
        let steps = zip(late, late.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { $0 > 0.005 && $0 < 0.2 }, "\(steps)")
    }
}
