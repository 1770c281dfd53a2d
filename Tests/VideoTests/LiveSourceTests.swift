import Foundation
import Synchronization
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct LiveSourceTests {
    /// Clock that advances only by sleeping.
    final class FakeTime: Sendable {
        let now = Mutex(1000.0)
        let slept = Mutex([Double]())

        var environment: CameraReader.Environment {
            CameraReader.Environment(
                now: { self.now.withLock { $0 } },
                sleep: { seconds in
                    // The threads that open and close run in real time and need some of it.
                    usleep(1000)
                    self.now.withLock { $0 += seconds }
                    self.slept.withLock { $0.append(seconds) }
                },
                chance: { 1 })
        }
    }

    static func clip() throws -> String {
        try MediaFixture.make(
            "live.mp4",
            "-f lavfi -i testsrc2=size=64x48:rate=10:duration=1 -f lavfi -i sine=duration=1 "
                + "-c:v libx264 -c:a aac -pix_fmt yuv420p")
    }

    @Test
    func endOfSourceIsAGapAndTimestampsContinue() throws {
        let time = FakeTime()
        var source = try LiveSource(
            Self.clip(), options: ReaderOptions(), environment: time.environment, stop: { false })
        var timestamps: [Double] = []
        var indices: [Int] = []
        var gaps: [LiveSource.Reconnection] = []
        while gaps.count < 3 {
            switch try source.next() {
            case .reconnected(let gap): gaps.append(gap)
            case .item(.frame(let frame)):
                timestamps.append(frame.timestamp.seconds)
                indices.append(frame.index)
            case .item(.packet): break
            }
        }
        #expect(timestamps.count == 30)
        #expect(indices == Array(0..<30))
        #expect(zip(timestamps, timestamps.dropFirst()).allSatisfy { $0 < $1 })
        // The clip takes no time on the fake clock, so only the delays separate two connections.
        #expect(abs(timestamps[10] - timestamps[9] - 0.5) < 0.001)
        #expect(abs(timestamps[20] - timestamps[19] - 1) < 0.001)
        #expect(abs(gaps[2].seconds - 2) < 0.001)
        #expect(source.losses == 3)
        #expect(source.report.frames == 30)
    }

    @Test
    func absentSourceIsRetriedWithGrowingDelay() throws {
        let path = try MediaFixture.write(
            "vanishing.mp4", VideoReaderDamageTests.bytes(Self.clip()))
        let time = FakeTime()
        let environment = time.environment
        let limited = CameraReader.Environment(
            now: environment.now,
            sleep: { seconds in
                environment.sleep(seconds)
                let total = time.slept.withLock { $0.reduce(0, +) }
                // The source returns after ten seconds.
                if total > 10 {
                    try? FileManager.default.moveItem(atPath: path + "~", toPath: path)
                }
            },
            chance: { 1 })
        var source = try LiveSource(
            path, options: ReaderOptions(), environment: limited, stop: { false })
        try FileManager.default.moveItem(atPath: path, toPath: path + "~")
        var gap: LiveSource.Reconnection?
        while gap == nil {
            if case .reconnected(let seen) = try source.next() { gap = seen }
        }
        #expect(gap?.attempts == 5)
        #expect(abs((gap?.seconds ?? 0) - 15.5) < 0.001)
    }

    @Test
    func stopEndsTheReconnectDelay() throws {
        let time = FakeTime()
        var source = try LiveSource(
            Self.clip(), options: ReaderOptions(), environment: time.environment,
            stop: { time.slept.withLock { $0.count >= 2 } })
        #expect(throws: VideoError.self) {
            while true { _ = try source.next() }
        }
        #expect(time.slept.withLock { $0.count } == 2)
    }

    @Test
    func firstConnectionIsNotRetried() {
        let time = FakeTime()
        #expect(throws: VideoError.self) {
            _ = try LiveSource(
                "/nowhere.mp4", options: ReaderOptions(), environment: time.environment,
                stop: { false })
        }
        #expect(time.slept.withLock { $0.isEmpty })
    }

    @Test
    func timestampsAfterALossContinueByElapsedTime() {
        var clock = LiveClock()
        let base = Ratio(1, 1000)
        #expect(clock.map(Timestamp(ticks: 500, timeBase: base), at: 10).ticks == 500)
        clock.breakOff()
        #expect(clock.map(Timestamp(ticks: 0, timeBase: base), at: 12).ticks == 2500)
    }
}
