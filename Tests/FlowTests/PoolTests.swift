import Synchronization
import TestSupport
import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1)))
struct PoolTests {
    @Test(arguments: 1...8)
    func everyIndexIsVisitedExactlyOnce(threads: Int) throws {
        let pool = try Pool(threads: threads)
        #expect(pool.threads == threads)
        for count in [0, 1, 2, 3, 7, 8, 9, 63, 64, 65, 1000] {
            let visits = Tally(count: count)
            pool.parallel(count: count) { index in visits.note(index) }
            #expect(visits.counts.allSatisfy { $0 == 1 }, "\(count) steps")
        }
    }

    @Test(arguments: [1, 2, 3, 8], [1, 2, 5, 8, 100])
    func theSplitIsEvenAndComplete(parts: Int, count: Int) {
        let ranges = (0..<parts).map { splitRange(count: count, part: $0, of: parts) }
        #expect(ranges.flatMap { Array($0) } == Array(0..<count))
        let sizes = ranges.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }

    @Test(arguments: [0, 4096])
    func writesOfAllPartsAreVisibleAfterEachLoop(spins: Int) throws {
        let pool = try Pool(threads: 4, spins: spins)
        var sums = [Int](repeating: 0, count: 97)
        for round in 1...2000 {
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                // SAFETY: each part writes only its own indices.
                unsafe pool.run(
                    count: sums.count, context: UnsafeMutableRawPointer(sums.baseAddress)
                ) {
                    context, lower, upper in
                    guard let sums = unsafe context?.assumingMemoryBound(to: Int.self) else {
                        return
                    }
                    for index in lower..<upper { unsafe sums[index] += index }
                }
            }
            guard sums[96] == 96 * round, sums[1] == round else {
                Issue.record("a part was missing in round \(round)")
                return
            }
        }
        #expect(sums == (0..<97).map { $0 * 2000 })
    }

    @Test func aLoopInsideALoopRunsOnItsThread() throws {
        let pool = try Pool(threads: 3)
        let visits = Tally(count: 60)
        pool.parallel(count: 6) { outer in
            pool.parallel(count: 10) { inner in visits.note(outer * 10 + inner) }
        }
        #expect(visits.counts.allSatisfy { $0 == 1 })
    }

    @Test func twoCallersMayShareAPool() throws {
        let pool = try Pool(threads: 2)
        let visits = Tally(count: 100)
        let other = try Worker<Void, Never>(name: "other") {
            for _ in 0..<500 { pool.parallel(count: 100) { index in visits.note(index) } }
        }
        for _ in 0..<500 { pool.parallel(count: 100) { index in visits.note(index) } }
        other.join()
        #expect(visits.counts.allSatisfy { $0 == 1000 })
    }

    @Test func workersSleepBetweenLoopsAndWakeAgain() throws {
        let pool = try Pool(threads: 3, spins: 0)
        let visits = Tally(count: 3)
        for _ in 0..<2000 { pool.parallel(count: 3) { index in visits.note(index) } }
        #expect(visits.counts == [2000, 2000, 2000])
    }

    @Test(arguments: [1, 4])
    func aLoopAllocatesNothing(threads: Int) throws {
        let pool = try Pool(threads: threads)
        var total = 0
        let count = unsafe withUnsafeMutablePointer(to: &total) { total in
            repeatedAllocations {
                for _ in 0..<100 {
                    unsafe pool.run(count: 1, context: UnsafeMutableRawPointer(total)) {
                        context, lower, upper in
                        unsafe context?.assumingMemoryBound(to: Int.self).pointee += upper - lower
                    }
                    unsafe pool.run(count: 50, context: nil) { _, _, _ in }
                }
            }
        }
        guard let count else { return }
        #expect(total == 200)
        #expect(count == 0)
    }
}
