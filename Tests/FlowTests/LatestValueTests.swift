import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1)))
struct LatestValueTests {
    @Test func anUnseenValueIsReturnedAtOnce() async {
        let latest = LatestValue<String>()
        #expect(latest.newest == nil)
        latest.publish("a")
        latest.publish("b")
        let value = await latest.value(after: 0, within: 10)
        #expect(value?.number == 2 && value?.value == "b")
    }

    @Test func manyTasksAreResumedByOneValue() async {
        let latest = LatestValue<Int>()
        latest.publish(1)
        let sum = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask { await latest.value(after: 1, within: 30)?.value ?? 0 }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(20))
                latest.publish(7)
                return 0
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 140)
    }

    @Test func theWaitEndsAtItsDeadline() async {
        let latest = LatestValue<Int>()
        latest.publish(1)
        let start = MonotonicClock.system.now
        #expect(await latest.value(after: 1, within: 0.05) == nil)
        #expect(MonotonicClock.system.now - start >= 50_000_000)
        latest.publish(2)
        #expect(await latest.value(after: 1, within: 0.05)?.value == 2)
    }

    @Test func cancellationEndsTheWait() async {
        let latest = LatestValue<Int>()
        for delay in [0, 20] {
            let task = Task { await latest.value(after: 0, within: 1000)?.value }
            try? await Task.sleep(for: .milliseconds(delay))
            task.cancel()
            #expect(await task.value == nil)
        }
    }

    /// Readers of a series of numbers see them grow, and the last one at the end.
    @Test func noValueIsMissedInARace() async throws {
        let latest = LatestValue<Int>()
        let count = 2000
        let writer = try Worker<Void, Never>(name: "writer") {
            for number in 1...count { latest.publish(number) }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var seen = 0
                    while seen < count {
                        guard let next = await latest.value(after: seen, within: 30) else {
                            Issue.record("no value after \(seen)")
                            return
                        }
                        #expect(next.number > seen && next.value == next.number)
                        seen = next.number
                    }
                }
            }
        }
        writer.join()
    }
}
