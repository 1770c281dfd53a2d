import Flow
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RequestWorkerTests {
    private struct Failure: Error {}

    /// A number that can only be moved.
    private struct Token: ~Copyable, Sendable {
        let number: Int
    }

    @Test func responsesKeepTheOrderOfTheRequests() throws {
        let worker = try RequestWorker<Token, Token>(
            name: "answers", capacity: 4, prepare: { 100 },
            respond: { (state: inout Int, request) in
                state += 1
                return Token(number: state * 1000 + request.number)
            })
        for round in 0..<50 {
            for number in 0..<4 { worker.send(Token(number: number)) }
            for number in 0..<4 {
                #expect(try worker.receive().number == (101 + 4 * round + number) * 1000 + number)
            }
        }
        #expect(worker.load == 0)
    }

    @Test func aFailedPreparationIsRethrownByReceive() throws {
        let worker = try RequestWorker<Token, Token>(
            name: "fails", capacity: 1, prepare: { () throws -> Int in throw Failure() },
            respond: { _, request in request })
        for number in 0..<3 { worker.send(Token(number: number)) }
        #expect(throws: Failure.self) { _ = try worker.receive().number }
    }

    @Test func aFailedResponseIsRethrownAfterTheEarlierResponses() throws {
        let worker = try RequestWorker<Token, Token>(
            name: "fails", capacity: 4, prepare: { 0 },
            respond: { _, request in
                if request.number == 2 { throw Failure() }
                return request
            })
        for number in 0..<4 { worker.send(Token(number: number)) }
        #expect(try worker.receive().number == 0)
        #expect(try worker.receive().number == 1)
        #expect(throws: Failure.self) { _ = try worker.receive().number }
    }

    @Test func releasingTheWorkerJoinsTheThreadWithRequestsInside() throws {
        final class Ended: Sendable { let value = Atomic(false) }
        struct State: ~Copyable {
            let ended: Ended
            deinit { ended.value.store(true, ordering: .releasing) }
        }
        for waiting in 0..<4 {
            let ended = Ended()
            do {
                let worker = try RequestWorker<Token, Token>(
                    name: "released", capacity: 2, prepare: { State(ended: ended) },
                    respond: { _, request in request })
                for number in 0..<waiting { worker.send(Token(number: number)) }
            }
            let hasEnded = ended.value.load(ordering: .acquiring)
            #expect(hasEnded)
        }
    }
}
