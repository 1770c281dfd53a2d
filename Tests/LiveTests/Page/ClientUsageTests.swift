import Flow
import FlyingFox
import TestSupport
import Testing

@testable import Live

struct ClientUsageTests {
    private let time = ManualClock(start: 1)
    private let client = HTTPRequest.Address.ip4("10.0.0.1", port: 1)
    private let most = ClientUsage.mostUnanswered

    @Test func onlyBytesSinceTheLastRequestCountAgainstTheLimit() {
        let usage = ClientUsage(clock: time.clock)
        #expect(!usage.exceedsLimits(client, bytes: most))
        #expect(usage.exceedsLimits(client, bytes: most + 1))
        usage.countRequest(of: client)
        // Even if the list of connected clients is a moment old.
        usage.keep([])
        #expect(!usage.exceedsLimits(client, bytes: 2 << 20), "requests may be many")
        #expect(usage.exceedsLimits(client, bytes: 2 << 20 + most + 1))
    }

    @Test func aNewConnectionFromTheSamePortStartsAnew() {
        let usage = ClientUsage(clock: time.clock)
        #expect(!usage.exceedsLimits(client, bytes: 9000))
        #expect(!usage.exceedsLimits(client, bytes: 100), "fewer than before")
        #expect(usage.exceedsLimits(client, bytes: 100 + most + 1))
        for _ in 0..<3 { usage.keep([client]) }
        #expect(usage.exceedsLimits(client, bytes: 100 + most + 1))
        for _ in 0..<2 { usage.keep([]) }
        #expect(!usage.exceedsLimits(client, bytes: most), "forgotten")
    }

    @Test func aResponseUnreadForAMinuteExceedsTheLimit() {
        let usage = ClientUsage(clock: time.clock)
        for (milliseconds, isStuck) in [(60_000, false), (60_001, true)] as [(UInt64, Bool)] {
            usage.setSending(to: client, isWaiting: true)
            for _ in 0..<2 { usage.keep([]) }
            time.advance(nanoseconds: milliseconds * 1_000_000)
            #expect(usage.exceedsLimits(client, bytes: 0) == isStuck)
            usage.setSending(to: client, isWaiting: false)
        }
        time.advance(nanoseconds: 1_000_000_000_000)
        #expect(!usage.exceedsLimits(client, bytes: 0), "no response waits")
    }
}
