import Flow
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StageChainTests {
    struct TestFailure: Error, CustomStringConvertible {
        let description: String
    }

    @Test(arguments: BackPressure.allCases)
    func everyFrameHasExactlyOneFate(policy: BackPressure) throws {
        let ledger = FrameLedger()
        let chain = try runningChain(policy, frames: 5000, ledger: ledger)
        try chain.join()
        #expect(ledger.counts.decoded == 5000)
        #expect(ledger.check(), "\(ledger)")
        if policy == .everyFrame { #expect(ledger.counts.droppedTotal == 0) }
    }

    @Test func aFailingStageStopsBothNeighbours() throws {
        let ledger = FrameLedger()
        let chain = try runningChain(.everyFrame, frames: .max, failingAt: 100, ledger: ledger)
        let failure = #expect(throws: StageFailure.self) { try chain.join() }
        #expect(failure?.description == "analyse: no luck at frame 100")
        #expect(ledger.counts.detected == 100)
    }

    @Test func theFirstFailureIsReported() throws {
        for _ in 0..<300 {
            let chain = StageChain()
            let channel = Channel<Int>(.everyFrame, capacity: 2)
            let receiver = TransferBox(channel.receiver)
            try chain.source("decode", into: channel.sender) { sender in
                _ = sender.send(1)
                throw TestFailure(description: "cause")
            }
            try chain.sink("encode", from: receiver.take()) { receiver in
                while receiver.receive() != nil {}
                throw TestFailure(description: "consequence")
            }
            let failure = #expect(throws: StageFailure.self) { try chain.join() }
            #expect(failure?.description == "decode: cause")
        }
    }

    @Test func joiningAChainWithoutStagesReturnsAtOnce() throws {
        try StageChain().join()
    }
}

/// Chain in which numbers go from a source through a stage into a sink, counted on the way.
private func runningChain(
    _ policy: BackPressure, frames: Int, failingAt: Int = -1, ledger: FrameLedger
) throws -> StageChain {
    let chain = StageChain()
    let first = Channel<Int>(policy, capacity: 4)
    let second = Channel<Int>(.everyFrame, capacity: 2)
    try chain.source("decode", into: first.sender) { sender in
        for number in 0..<frames {
            ledger.countDecoded()
            switch sender.send(number) {
            case .sent: break
            case .replaced: ledger.countDropped(.replacedByNewer)
            case .closed: return ledger.countDropped(.stopped)
            }
        }
    }
    try chain.stage("analyse", from: first.receiver, into: second.sender) { receiver, sender in
        while let number = receiver.receive() {
            guard number != failingAt else {
                throw StageFailure(
                    stage: "analyse",
                    cause: StageChainTests.TestFailure(description: "no luck at frame \(number)"))
            }
            if number % 3 == 2, failingAt < 0 {
                ledger.countTracked()
            } else {
                ledger.countDetected()
            }
            if case .closed = sender.send(number) { return }
        }
    }
    try chain.sink("encode", from: second.receiver) { receiver in
        while receiver.receive() != nil {}
    }
    return chain
}
