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
        let usage = ClientUsage(clock: time.clock)
        #expect(!usage.isTooMuch(visitor, bytes: most))
        #expect(usage.isTooMuch(visitor, bytes: most + 1))
        usage.noteRequest(of: visitor)
        // Also where the list of those connected comes from a moment before.
        usage.keep([])
        #expect(!usage.isTooMuch(visitor, bytes: 2 << 20), "requests may be many")
        #expect(usage.isTooMuch(visitor, bytes: 2 << 20 + most + 1))
    }

    @Test func whoComesFromThePortOfAnotherIsJudgedAnew() {
        let usage = ClientUsage(clock: time.clock)
        #expect(!usage.isTooMuch(visitor, bytes: 9000))
        #expect(!usage.isTooMuch(visitor, bytes: 100), "fewer than before")
        #expect(usage.isTooMuch(visitor, bytes: 100 + most + 1))
        for _ in 0..<3 { usage.keep([visitor]) }
        #expect(usage.isTooMuch(visitor, bytes: 100 + most + 1))
        for _ in 0..<2 { usage.keep([]) }
        #expect(!usage.isTooMuch(visitor, bytes: most), "forgotten")
    }

    @Test func whoTakesNothingForAMinuteIsStuck() {
        let usage = ClientUsage(clock: time.clock)
        for (milliseconds, isStuck) in [(60_000, false), (60_001, true)] as [(UInt64, Bool)] {
            usage.note(visitor, isTaking: true)
            for _ in 0..<2 { usage.keep([]) }
            time.advance(nanoseconds: milliseconds * 1_000_000)
            #expect(usage.isTooMuch(visitor, bytes: 0) == isStuck)
            usage.note(visitor, isTaking: false)
        }
        time.advance(nanoseconds: 1_000_000_000_000)
        #expect(!usage.isTooMuch(visitor, bytes: 0), "nothing is there to take")
    }
}
