import Flow
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FrameLedgerTests {
    @Test func theCheckHoldsOnlyWhenEveryFrameHasOneFate() {
        let ledger = FrameLedger()
        #expect(ledger.check())
        for _ in 0..<3 { ledger.countDecoded() }
        #expect(!ledger.check())
        #expect(ledger.check(inFlight: 3))
        ledger.countDetected()
        ledger.countTracked()
        ledger.countDropped(.failed)
        #expect(ledger.check())
        ledger.countDropped(.failed)
        #expect(!ledger.check())
        #expect(ledger.counts.inFlight == -1)
    }

    @Test func reasonsAreAnOpenSetAndPrintedInOrder() {
        let ledger = FrameLedger()
        for _ in 0..<6 { ledger.countDecoded() }
        ledger.countDetected()
        ledger.countDetected()
        ledger.countTracked()
        ledger.countDropped(.stopped)
        ledger.countDropped(DropReason(rawValue: "camera-asleep"))
        #expect(
            ledger.description
                == "6 decoded = 2 detected + 1 tracked + 2 dropped (1 camera-asleep, 1 stopped)"
                + " + 1 unaccounted for")
        ledger.countDropped(.stopped)
        #expect(
            ledger.description
                == "6 decoded = 2 detected + 1 tracked + 3 dropped (1 camera-asleep, 2 stopped)")
        #expect(FrameLedger().description == "0 decoded = 0 detected + 0 tracked + 0 dropped")
    }

    @Test func snapshotsAreExactWhileThreadsCount() throws {
        let ledger = FrameLedger()
        let workers = try (0..<3).map { number in
            try Worker<Void, Never>(name: "count-\(number)") {
                for frame in 0..<5000 {
                    ledger.countDecoded()
                    switch frame % 3 {
                    case 0: ledger.countDetected()
                    case 1: ledger.countTracked()
                    default: ledger.countDropped(.failed)
                    }
                }
            }
        }
        for _ in 0..<200 { #expect((0...3).contains(ledger.counts.inFlight)) }
        for worker in workers { worker.join() }
        #expect(ledger.counts.decoded == 15_000)
        #expect(ledger.check())
    }

    @Test func countingAllocatesNothingEvenAfterASnapshot() {
        let ledger = FrameLedger()
        ledger.countDropped(.replacedByNewer)
        let snapshot = ledger.counts
        let count = repeatedAllocations {
            for _ in 0..<100 {
                ledger.countDecoded()
                ledger.countDetected()
                ledger.countTracked()
                ledger.countDropped(.replacedByNewer)
            }
        }
        #expect(count ?? 0 == 0)
        #expect(snapshot.droppedTotal == 1)
    }
}
