import Flow
import Testing

@testable import Pipeline

struct ProgressTests {
    private func progress(
        frames: Int, position: Double, total: Double?, skipped: Double = 0
    ) -> Progress {
        let state = PipelineState(stop: StopSignal())
        for _ in 0..<frames {
            state.ledger.countDecoded()
            state.ledger.countDetected()
        }
        state.position = position
        return Progress(
            console: Console(isQuiet: true, isTerminal: false), state: state, label: "a.mp4",
            skipped: skipped, total: { total })
    }

    @Test func aKnownLengthGivesShareAndTimeLeft() {
        #expect(
            progress(frames: 100, position: 4, total: 16).text(after: 5)
                == "[#####---------------] 25 %  a.mp4  100 frames  20.0 analysed/s  0:15 left")
    }

    @Test func aPartIsCountedFromItsOwnStart() {
        let text = progress(frames: 100, position: 64, total: 16, skipped: 60).text(after: 5)
        #expect(text.hasPrefix("[#####---------------] 25 %") && text.hasSuffix("0:15 left"))
    }

    @Test(arguments: [(1.0, 3601.0, "1:00:00 left"), (30, 90, "0:02 left"), (90, 90, "0:00 left")])
    func theTimeLeftIsAClock(position: Double, total: Double, end: String) {
        #expect(progress(frames: 1, position: position, total: total).text(after: 1).hasSuffix(end))
    }

    @Test func anUnknownLengthGivesRateAlone() {
        let head = "a.mp4  30 frames  15.0 analysed/s"
        #expect(progress(frames: 30, position: 1, total: nil).text(after: 2) == head)
        #expect(progress(frames: 30, position: 0, total: 9).text(after: 2) == head)
        #expect(progress(frames: 30, position: 1, total: 0).text(after: 2) == head)
    }

    @Test func moreThanWasExpectedIsAtMostAll() {
        let text = progress(frames: 1, position: 12, total: 10).text(after: 1)
        #expect(text.hasPrefix("[####################] 100 %"))
    }
}
