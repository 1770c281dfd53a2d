import Flow
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LineTests {
    struct Trouble: Error, CustomStringConvertible {
        let description: String
    }

    @Test(arguments: BackPressure.allCases)
    func everyFrameMeetsOneFate(policy: BackPressure) async throws {
        let ledger = FrameLedger()
        let line = try runningLine(policy, frames: 5000, ledger: ledger)
        try await line.finish()
        #expect(ledger.counts.decoded == 5000)
        #expect(ledger.check(), "\(ledger)")
        if policy == .everyFrame { #expect(ledger.counts.droppedTotal == 0) }
    }

    @Test func aFailureInTheMiddleStopsBothNeighbours() throws {
        let ledger = FrameLedger()
        let line = try runningLine(.everyFrame, frames: .max, failingAt: 100, ledger: ledger)
        let failure = #expect(throws: StageFailure.self) { try line.join() }
        #expect(failure?.description == "analyse, frame 100: no luck")
        #expect(ledger.counts.detected == 100)
    }

    @Test func theFirstFailureWins() throws {
        for _ in 0..<300 {
            let line = Line()
            let channel = Channel<Int>(.everyFrame, capacity: 2)
            let receiver = TransferBox(channel.receiver)
            try line.source("decode", into: channel.sender) { sender in
                _ = sender.send(1)
                throw Trouble(description: "cause")
            }
            try line.sink("encode", from: receiver.take()) { receiver in
                while receiver.receive() != nil {}
                throw Trouble(description: "consequence")
            }
            let failure = #expect(throws: StageFailure.self) { try line.join() }
            #expect(failure?.description == "decode: cause")
        }
    }

    @Test func aLineWithoutStagesHasNothingToWaitFor() async throws {
        let line = Line()
        try line.join()
        try await line.finish()
    }
}

/// Numbers go from a source through a stage into a sink, counted on the way.
private func runningLine(
    _ policy: BackPressure, frames: Int, failingAt: Int = -1, ledger: FrameLedger
) throws -> Line {
    let line = Line()
    let first = Channel<Int>(policy, capacity: 4)
    let second = Channel<Int>(.everyFrame, capacity: 2)
    try line.source("decode", into: first.sender) { sender in
        for number in 0..<frames {
            ledger.countDecoded()
            switch sender.send(number) {
            case .sent: break
            case .replaced: ledger.countDropped(.replacedByNewer)
            case .closed: return ledger.countDropped(.stopped)
            }
        }
    }
    try line.stage("analyse", from: first.receiver, into: second.sender) { receiver, sender in
        while let number = receiver.receive() {
            guard number != failingAt else {
                throw StageFailure(
                    stage: "analyse", frame: number,
                    cause: LineTests.Trouble(description: "no luck"))
            }
            if number % 3 == 2, failingAt < 0 {
                ledger.countTracked()
            } else {
                ledger.countDetected()
            }
            if case .closed = sender.send(number) { return }
        }
    }
    try line.sink("encode", from: second.receiver) { receiver in
        while receiver.receive() != nil {}
    }
    return line
}
