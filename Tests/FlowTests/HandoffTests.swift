import Flow
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HandoffTests {
    @Test func theValueIsTakenOnce() {
        let tally = Tally(count: 1)
        let handoff = Handoff(Counted(number: 0, tally: tally))
        do {
            let taken = handoff.take()
            #expect(taken.number == 0)
            #expect(tally.counts == [0])
        }
        #expect(tally.counts == [1])
        if handoff.takeIfPresent() != nil { Issue.record("there was a second value") }
    }

    @Test func aValueNeverTakenIsDestroyedWithItsBox() {
        let tally = Tally(count: 1)
        do { _ = Handoff(Counted(number: 0, tally: tally)) }
        #expect(tally.counts == [1])
    }

    @Test func takingTwiceIsAMistake() async {
        await #expect(processExitsWith: .failure) {
            let handoff = Handoff(1)
            _ = handoff.take()
            _ = handoff.take()
        }
    }
}
