import Flow
import FlyingFox
import TestSupport
import Testing

@testable import Live

/// Who costs the page's server too much.
struct ClientUsageTests {
    private let time = ManualClock(start: 1)
    private let visitor = HTTPRequest.Address.ip4("10.0.0.1", port: 1)
    private let most = ClientUsage.mostUnanswered

    @Test func onlyWhoHasSentMuchSinceTheLastRequestIsGuilty() {
        let visits = ClientUsage(clock: time.clock)
        #expect(!visits.isTooMuch(visitor, bytes: most))
        #expect(visits.isTooMuch(visitor, bytes: most + 1))
        visits.noteRequest(of: visitor)
        // Also where the list of those connected comes from a moment before.
        visits.keep([])
        #expect(!visits.isTooMuch(visitor, bytes: 2 << 20), "requests may be many")
        #expect(visits.isTooMuch(visitor, bytes: 2 << 20 + most + 1))
    }

    @Test func whoComesFromThePortOfAnotherIsJudgedAnew() {
        let visits = ClientUsage(clock: time.clock)
        #expect(!visits.isTooMuch(visitor, bytes: 9000))
        #expect(!visits.isTooMuch(visitor, bytes: 100), "fewer than before")
        #expect(visits.isTooMuch(visitor, bytes: 100 + most + 1))
        for _ in 0..<3 { visits.keep([visitor]) }
        #expect(visits.isTooMuch(visitor, bytes: 100 + most + 1))
        for _ in 0..<2 { visits.keep([]) }
        #expect(!visits.isTooMuch(visitor, bytes: most), "forgotten")
    }

    @Test func whoTakesNothingForAMinuteIsStuck() {
        let visits = ClientUsage(clock: time.clock)
        for (milliseconds, isStuck) in [(60_000, false), (60_001, true)] as [(UInt64, Bool)] {
            visits.note(visitor, isTaking: true)
            for _ in 0..<2 { visits.keep([]) }
            time.advance(nanoseconds: milliseconds * 1_000_000)
            #expect(visits.isTooMuch(visitor, bytes: 0) == isStuck)
            visits.note(visitor, isTaking: false)
        }
        time.advance(nanoseconds: 1_000_000_000_000)
        #expect(!visits.isTooMuch(visitor, bytes: 0), "nothing is there to take")
    }
}
