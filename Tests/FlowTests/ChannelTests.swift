import Flow
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChannelTests {
    @Test(arguments: [1, 2, 8], [0, 256])
    func everyFrameArrivesInOrder(capacity: Int, spins: Int) throws {
        let channel = Channel<Int>(.everyFrame, capacity: capacity, spins: spins)
        let sum = try run(channel, sending: 30_000) { last, next in next == last + 1 }
        #expect(sum == 30_000)
    }

    @Test func theLatestElementArrivesAndReplacedOnesAreCounted() throws {
        let channel = Channel<Int>(.latest, capacity: 1)
        let sum = try run(channel, sending: 30_000) { last, next in next > last }
        #expect(sum == 30_000)
    }

    @Test(arguments: BackPressure.allCases)
    func aSenderLearnsThatTheReceiverIsGone(policy: BackPressure) {
        var sender = senderAlone(of: Channel<Int>(policy, capacity: 2))
        #expect(sender.isClosed == true)
        #expect(sender.describe(send: 3) == "closed 3")
    }

    @Test func receivingWithADeadlineDistinguishesLateFromClosed() {
        var channel = Channel<Int>(.everyFrame, capacity: 2)
        #expect(channel.receiver.describe(deadline: 1) == "empty")
        #expect(channel.sender.describe(send: 4) == "sent")
        var receiver = receiverAlone(of: channel)
        #expect(receiver.describe(deadline: 1) == "4")
        #expect(receiver.describe(deadline: 1) == "closed")
        #expect(receiver.receive() == nil)
    }

    @Test func aWaitingSenderIsReleasedWhenTheReceiverGoes() throws {
        for _ in 0..<1000 {
            let tally = Tally(count: 4)
            let channel = Channel<Counted>(.everyFrame, capacity: 1, spins: 0)
            let sending = TransferBox(channel.sender)
            let sender = try Worker<Void, Never>(name: "send") {
                var sender = sending.take()
                for number in 0..<4 {
                    _ = sender.send(Counted(number: number, tally: tally))
                }
            }
            takeOne(from: channel.receiver)
            sender.join()
            #expect(tally.counts == [1, 1, 1, 1])
        }
    }

    @Test(arguments: BackPressure.allCases)
    func aWaitingReceiverIsReleasedWhenTheSenderGoes(policy: BackPressure) throws {
        for _ in 0..<1000 {
            let channel = Channel<Int>(policy, capacity: 1, spins: 0)
            let receiving = TransferBox(channel.receiver)
            let receiver = try Worker<Int, Never>(name: "receive") {
                var receiver = receiving.take()
                var last = 0
                while let number = receiver.receive() { last = number }
                return last
            }
            sendOne(into: channel.sender)
            #expect(receiver.join() == 1)
        }
    }

    @Test(arguments: BackPressure.allCases)
    func steadyUseAllocatesNothing(policy: BackPressure) {
        var channel = Channel<Counted>(policy, capacity: 4)
        let tally = Tally(count: 1)
        let count = repeatedAllocations {
            for _ in 0..<1000 {
                _ = channel.sender.send(Counted(number: 0, tally: tally))
                _ = channel.receiver.receive()
            }
        }
        #expect(count ?? 0 == 0)
    }
}

private func senderAlone(of channel: consuming Channel<Int>) -> Sender<Int> {
    channel.sender
}

private func receiverAlone(of channel: consuming Channel<Int>) -> Receiver<Int> {
    channel.receiver
}

private func takeOne(from receiver: consuming Receiver<Counted>) {
    _ = receiver.receive()
}

private func sendOne(into sender: consuming Sender<Int>) {
    _ = sender.send(1)
}

/// Sends 1, 2, 3, … on one thread, receives on another, and returns the numbers of received and
/// replaced elements; negative when one came out of order or the last one was missing.
private func run(
    _ channel: consuming Channel<Int>, sending count: Int,
    inOrder: @escaping @Sendable (_ last: Int, _ next: Int) -> Bool
) throws -> Int {
    let sending = TransferBox(channel.sender)
    let receiving = TransferBox(channel.receiver)
    let sender = try Worker<Int, Never>(name: "send") {
        var sender = sending.take()
        var replaced = 0
        for number in 1...count {
            if case .replaced = sender.send(number) { replaced += 1 }
        }
        return replaced
    }
    let receiver = try Worker<Int, Never>(name: "receive") {
        var receiver = receiving.take()
        var last = 0
        var received = 0
        while let next = receiver.receive() {
            guard inOrder(last, next) else { return -count }
            last = next
            received += 1
        }
        return last == count ? received : -count
    }
    return sender.join() + receiver.join()
}

extension Sender<Int> {
    fileprivate mutating func describe(send number: Int) -> String {
        switch send(number) {
        case .sent: "sent"
        case .replaced(let older): "replaced \(older)"
        case .closed(let back): "closed \(back)"
        }
    }
}

extension Receiver<Int> {
    fileprivate mutating func describe(deadline: UInt64?) -> String {
        switch receive(deadline: deadline) {
        case .element(let number): "\(number)"
        case .empty: "empty"
        case .closed: "closed"
        }
    }
}
