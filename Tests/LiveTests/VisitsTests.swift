import Flow
import FlyingFox
import Testing

@testable import Live

/// Who costs the page's server too much.
struct VisitsTests {
    private let time = HandTurnedClock(start: 1)
    private let visitor = HTTPRequest.Address.ip4("10.0.0.1", port: 1)

    private func pass(_ milliseconds: UInt64) {
        time.advance(nanoseconds: milliseconds * 1_000_000)
    }

    private func isSuspect(_ visits: Visits) -> Bool {
        visits.overdue(among: [visitor]).suspects == [visitor]
    }

    @Test func aVisitorThatNobodyHasHeardOfIsTimedFromTheFirstLook() {
        let visits = Visits(clock: time.clock)
        #expect(!isSuspect(visits))
        pass(50)
        #expect(!isSuspect(visits))
        pass(1)
        #expect(isSuspect(visits))
        #expect(visits.overdue(among: []).suspects == [])
        #expect(!isSuspect(visits), "another visitor from the same address")
    }

    @Test func waitingCostsNothingAndWhatLiesBetweenAddsUp() {
        let visits = Visits(clock: time.clock)
        for _ in 0..<4 {
            let pause = visits.pause(visitor, for: .sending)
            pass(10_000)
            #expect(!isSuspect(visits))
            withExtendedLifetime(pause) {}
            _ = consume pause
            pass(13)
        }
        let pause = visits.pause(visitor, for: .sending)
        #expect(isSuspect(visits), "also while it waits again")
        withExtendedLifetime(pause) {}
    }

    @Test func aWholeRequestBeginsAnew() {
        let visits = Visits(clock: time.clock)
        #expect(!isSuspect(visits))
        for _ in 0..<4 {
            pass(45)
            let answer = visits.pause(visitor, for: .answer)
            let wait = visits.pause(visitor, for: .sending)
            pass(5000)
            // Also where the list of those connected comes from a moment before.
            #expect(visits.overdue(among: []).suspects == [])
            #expect(!isSuspect(visits))
            withExtendedLifetime((answer, wait)) {}
        }
        pass(51)
        #expect(isSuspect(visits))
    }

    @Test func onlyWhoHasSentMuchSinceTheLastRequestIsGuilty() {
        let visits = Visits(clock: time.clock)
        #expect(!isSuspect(visits))
        for bytes: UInt64 in [0, 500, 16 << 10] {
            pass(51)
            #expect(isSuspect(visits))
            #expect(!visits.hasSentTooMuch(visitor, bytes: bytes), "it waited for its turn")
            #expect(!isSuspect(visits))
        }
        #expect(visits.hasSentTooMuch(visitor, bytes: 16 << 10 + 1))
        _ = visits.pause(visitor, for: .answer)
        #expect(!visits.hasSentTooMuch(visitor, bytes: 1 << 20), "requests may be many")
        #expect(visits.hasSentTooMuch(visitor, bytes: 1 << 20 + 16 << 10 + 1))
        #expect(!visits.hasSentTooMuch(visitor, bytes: 100), "another from the same port")
    }

    @Test func whoTakesNothingForAMinuteIsStuck() {
        let visits = Visits(clock: time.clock)
        let answer = visits.pause(visitor, for: .answer)
        for (milliseconds, isStuck) in [(60_000, false), (60_001, true)] as [(UInt64, Bool)] {
            let wait = visits.pause(visitor, for: .taking)
            pass(milliseconds)
            #expect(visits.overdue(among: [visitor]).stuck == (isStuck ? [visitor] : []))
            withExtendedLifetime(wait) {}
        }
        let wait = visits.pause(visitor, for: .sending)
        pass(1_000_000)
        #expect(visits.overdue(among: [visitor]).stuck == [], "nothing is there to take")
        withExtendedLifetime((answer, wait)) {}
    }
}
