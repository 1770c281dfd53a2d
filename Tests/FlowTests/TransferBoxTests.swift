import Flow
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TransferBoxTests {
    @Test func theValueIsTakenOnce() {
        let tally = Tally(count: 1)
        let box = TransferBox(Counted(number: 0, tally: tally))
        do {
            let taken = box.take()
            #expect(taken.number == 0)
            #expect(tally.counts == [0])
        }
        #expect(tally.counts == [1])
        if box.takeIfPresent() != nil { Issue.record("there was a second value") }
    }

    @Test func aValueNeverTakenIsDestroyedWithItsBox() {
        let tally = Tally(count: 1)
        do { _ = TransferBox(Counted(number: 0, tally: tally)) }
        #expect(tally.counts == [1])
    }

    @Test func takingTwiceTraps() async {
        await #expect(processExitsWith: .failure) {
            let box = TransferBox(1)
            _ = box.take()
            _ = box.take()
        }
    }
}
