import Flow
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ParkerTests {
    @Test(arguments: [0, 1, 1000])
    func noWakeIsEverLost(spins: Int) throws {
        let table = Table(spins: spins)
        let pinger = try Worker<Void, Never>(name: "ping") { table.play(side: 0, rounds: 20_000) }
        let ponger = try Worker<Void, Never>(name: "pong") { table.play(side: 1, rounds: 20_000) }
        pinger.join()
        ponger.join()
        #expect(table.ball.load(ordering: .acquiring) == 40_000)
    }

    @Test func aWakeWithoutAChangedConditionKeepsWaiting() throws {
        let parker = Parker(spins: 0)
        let isTrue = Box()
        let waiter = try Worker<Bool, Never>(name: "wait") {
            parker.wait { isTrue.flag.load(ordering: .acquiring) }
        }
        for _ in 0..<100 {
            parker.wake()
            sched_yield()
        }
        isTrue.flag.store(true, ordering: .releasing)
        parker.wake()
        #expect(waiter.join())
    }

    @Test func aDeadlineEndsTheWait() {
        let start = MonotonicClock.system.now
        #expect(!Parker().wait(deadline: start + 20_000_000) { false })
        #expect(MonotonicClock.system.now >= start + 20_000_000)
        #expect(!Parker().wait(deadline: 1) { false })
        #expect(Parker().wait(deadline: 1) { true })
    }

    @Test func anIdleReceiverUsesNextToNoProcessorTime() throws {
        var channel = Channel<Int>(.everyFrame, capacity: 2)
        let receiver = TransferBox(channel.receiver)
        let thread = try Worker<UInt64, Never>(name: "idle") {
            var receiver = receiver.take()
            while receiver.receive() != nil {}
            var used = timespec()
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used)
            return UInt64(used.tv_sec) * 1_000_000_000 + UInt64(used.tv_nsec)
        }
        usleep(400_000)
        _ = channel.sender.send(1)
        end(channel.sender)
        // A thread that polls without sleeping would have used most of 400 ms.
        #expect(thread.join() < 100_000_000)
    }
}

/// Destroys the sender.
private func end(_ sender: consuming Sender<Int>) {}

private final class Box: Sendable {
    let flag = Atomic(false)
}

/// Two threads take turns to count up, each waking the other.
private final class Table: Sendable {
    let ball = Atomic(0)
    private let parkers: [Parker]

    init(spins: Int) {
        parkers = [Parker(spins: spins), Parker(spins: spins)]
    }

    func play(side: Int, rounds: Int) {
        for _ in 0..<rounds {
            parkers[side].wait { ball.load(ordering: .acquiring) % 2 == side }
            ball.wrappingAdd(1, ordering: .releasing)
            parkers[1 - side].wake()
        }
    }
}
