import Testing

@testable import Video

/// Mapping of packet timestamps to the clock of a file.
struct PacketClockTests {
    private static let base = Ratio(1, 90_000)

    private func clock() -> PacketClock { PacketClock(base: Self.base) }

    private func nanoseconds(_ seconds: Double) -> UInt64 { UInt64((100 + seconds) * 1e9) }

    @Test func firstFrameIsAtZeroAndIntervalsStayExact() {
        var clock = clock()
        let timestamps: [Int64] = [7_777_777, 7_781_376, 7_784_982]
        let placed = timestamps.enumerated().map { index, timestamp in
            clock.map(timestamp, arrival: nanoseconds(Double(index) * 0.04))
        }
        #expect(placed == [0, 3599, 7205])
        #expect(!clock.hasClockJump && clock.position == 7205)
    }

    @Test func frameWithoutTimestampIsPlacedByArrival() {
        var clock = clock()
        #expect(clock.map(nil, arrival: nanoseconds(0)) == 0)
        #expect(clock.map(500_000, arrival: nanoseconds(0.04)) == 3600)
        #expect(clock.map(nil, arrival: nanoseconds(0.08)) == 3601)
        #expect(clock.map(507_200, arrival: nanoseconds(0.08)) == 10800)
    }

    @Test func frameWithoutTimestampIsPlacedByTheStatedRate() {
        var clock = PacketClock(base: Self.base, nominalRate: Ratio(25, 1))
        // Packets that FFmpeg buffered while opening come in one burst.
        #expect(clock.map(nil, arrival: nanoseconds(0)) == 0)
        #expect(clock.map(500_000, arrival: nanoseconds(0.0001)) == 3600)
        #expect(clock.map(503_600, arrival: nanoseconds(0.0002)) == 7200)
    }

    @Test(arguments: [45_000_000, -400_000])
    func clockJumpIsReportedAndTheFileContinuesByElapsedTime(leap: Int64) {
        var clock = clock()
        _ = clock.map(1_000_000, arrival: nanoseconds(0))
        #expect(clock.map(1_003_600 + leap, arrival: nanoseconds(0.04)) == 3600)
        #expect(clock.hasClockJump)
        #expect(clock.map(1_007_200 + leap, arrival: nanoseconds(0.08)) == 7200)
    }

    @Test func networkOutageIsNoJump() {
        var clock = clock()
        _ = clock.map(0, arrival: nanoseconds(0))
        // A minute without packets, then the camera's own time.
        #expect(clock.map(60 * 90_000, arrival: nanoseconds(60)) == 60 * 90_000)
        // Delayed packets come in one burst.
        #expect(clock.map(65 * 90_000, arrival: nanoseconds(60.01)) == 65 * 90_000)
        #expect(!clock.hasClockJump)
    }

    @Test func audioUsesItsOwnClockNearTheVideo() {
        var clock = clock()
        let audio = Ratio(1, 8000)
        #expect(clock.map(Timestamp(ticks: 8000, timeBase: audio)) == nil)
        _ = clock.map(90_000, arrival: nanoseconds(0))
        #expect(clock.map(Timestamp(ticks: 8160, timeBase: audio)) == 160)
        #expect(clock.map(Timestamp(ticks: 7840, timeBase: audio)) == -160)
        #expect(clock.map(Timestamp(ticks: 7600, timeBase: audio)) == nil)
        #expect(clock.map(Timestamp(ticks: 8000 * 100, timeBase: audio)) == nil)
    }

    @Test func extremeTimestampsDoNotTrap() {
        var clock = clock()
        let timestamps: [Int64] = [.max, -.max, 0, .max - 1, 1 << 62]
        for timestamp in timestamps {
            _ = clock.map(timestamp, arrival: 0)
        }
        #expect(clock.hasClockJump)
    }
}
