import Foundation
import Synchronization
import Testing

@testable import Pipeline

@Suite(.timeLimit(.minutes(1)))
struct RepeatingTests {
    private struct Failure: Error {}

    private final class Reports: Sendable {
        let times = Mutex<[Double]>([])
        var count: Int { times.withLock { $0.count } }
    }

    @Test func reportsComeUntilTheBodyEnds() {
        let reports = Reports()
        let result = repeating(every: 1_000_000) { time in
            reports.times.withLock { $0.append(time) }
        } during: {
            while reports.count < 3 { usleep(1000) }
            return 7
        }
        let count = reports.count
        #expect(result == 7 && count >= 3)
        #expect(reports.times.withLock { $0 == $0.sorted() && $0[0] > 0 })
    }

    @Test func aShortBodyIsNotDelayedByALongInterval() throws {
        let start = ContinuousClock.now
        #expect(throws: Failure.self) {
            try repeating(every: 600_000_000_000) { _ in
            } during: {
                throw Failure()
            }
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
