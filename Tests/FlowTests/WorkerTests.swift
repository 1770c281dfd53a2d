import Glibc
import Synchronization
import Testing

@testable import Flow

@Suite(.timeLimit(.minutes(1)))
struct WorkerTests {
    struct Trouble: Error, Equatable {
        let number: Int
    }

    @Test func theResultIsHandedOver() async throws {
        let worker = try Worker<Int, Never>(name: "answer") { 42 }
        await worker.end()
        #expect(worker.join() == 42)
        #expect(worker.join() == 42)
    }

    @Test func theFailureIsHandedOverWithItsType() async throws {
        let worker = try Worker<Int, Trouble>(name: "fail") { () throws(Trouble) in
            throw Trouble(number: 7)
        }
        #expect(throws: Trouble(number: 7)) { try worker.join() }
        await #expect(throws: Trouble(number: 7)) { try await worker.value }
    }

    @Test func manyMayAwaitOneWorker() async throws {
        let gate = Parker()
        let isOpen = Gate()
        let worker = try Worker<Int, Trouble>(name: "slow") { () throws(Trouble) in
            gate.wait { isOpen.flag.load(ordering: .acquiring) }
            return 5
        }
        async let first = worker.value
        async let second = worker.value
        isOpen.flag.store(true, ordering: .releasing)
        gate.wake()
        #expect(try await first + second == 10)
    }

    @Test func theThreadNameIsCutToFifteenBytes() throws {
        let worker = try Worker<String, Never>(name: "a-name-that-is-too-long") {
            ownThreadName()
        }
        #expect(worker.join() == "a-name-that-is-")
        #expect(shortened("äöüäöüäöü") == "äöüäöüä")
        #expect(shortened("decode") == "decode")
    }

    @Test func releasingAWorkerJoinsItsThread() throws {
        let isOpen = Gate()
        do {
            _ = try Worker<Void, Never>(name: "forgotten") {
                usleep(10_000)
                isOpen.flag.store(true, ordering: .releasing)
            }
        }
        #expect(isOpen.flag.load(ordering: .acquiring) == true)
    }

    @Test func theStackHasTheRequestedSize() throws {
        let worker = try Worker<Int, Never>(name: "deep", stackSize: 16 << 20) {
            // Deeper than the default stack.
            descend(levels: 3000)
        }
        #expect(worker.join() == 3000)
    }

    @Test func theErrorSuggestsWhatToTry() {
        let error = WorkerError(name: "decode", code: EAGAIN)
        #expect(error.description.contains("'decode'"))
        #expect(error.description.contains("ulimit -u"))
    }
}

private final class Gate: Sendable {
    let flag = Atomic(false)
}

/// Name of the calling thread as Linux keeps it.
private func ownThreadName() -> String {
    let file = unsafe open("/proc/thread-self/comm", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = unsafe read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self)
}

/// Uses at least a kilobyte of stack per level.
@inline(never)
private func descend(levels: Int) -> Int {
    guard levels > 0 else { return 0 }
    let weight = InlineArray<128, Int>(repeating: levels)
    let below = descend(levels: levels - 1)
    return below + (weight[levels % 128] == levels ? 1 : 0)
}
