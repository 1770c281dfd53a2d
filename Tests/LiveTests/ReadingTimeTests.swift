import Flow
import FlyingFox
import Testing

@testable import Live

/// Who has kept the page's server reading for too long.
struct ReadingTimeTests {
    private let time = HandTurnedClock(start: 1)
    private let visitor = HTTPRequest.Address.ip4("10.0.0.1", port: 1)

    private func pass(_ milliseconds: UInt64) {
        time.advance(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func aVisitorThatNobodyHasHeardOfIsTimedFromTheFirstLook() {
        let reading = ReadingTime(clock: time.clock)
        #expect(reading.overdue(among: [visitor]) == [])
        pass(1000)
        #expect(reading.overdue(among: [visitor]) == [])
        pass(1)
        #expect(reading.overdue(among: [visitor]) == [visitor])
        #expect(reading.overdue(among: []) == [])
        #expect(reading.overdue(among: [visitor]) == [], "another visitor from the same address")
    }

    @Test func waitingCostsNothingAndWhatLiesBetweenAddsUp() {
        let reading = ReadingTime(clock: time.clock)
        for _ in 0..<4 {
            let pause = reading.pause(visitor)
            pass(10_000)
            #expect(reading.overdue(among: [visitor]) == [])
            withExtendedLifetime(pause) {}
            _ = consume pause
            pass(251)
        }
        let pause = reading.pause(visitor)
        #expect(reading.overdue(among: [visitor]) == [visitor], "also while it waits again")
        withExtendedLifetime(pause) {}
    }

    @Test func aWholeRequestBeginsAnew() {
        let reading = ReadingTime(clock: time.clock)
        #expect(reading.overdue(among: [visitor]) == [])
        for _ in 0..<4 {
            pass(900)
            let answer = reading.answer(visitor)
            let wait = reading.pause(visitor)
            pass(5000)
            // Also where the list of those connected comes from a moment before.
            #expect(reading.overdue(among: []) == [])
            #expect(reading.overdue(among: [visitor]) == [])
            withExtendedLifetime((answer, wait)) {}
        }
        pass(1001)
        #expect(reading.overdue(among: [visitor]) == [visitor])
    }
}
