import Flow
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StopSignalTests {
    @Test func theFirstRequestFinishesAndTheSecondStopsAtOnce() {
        let signal = StopSignal()
        #expect(signal.request == .none)
        #expect(!signal.isRequested)
        signal.ask()
        #expect(signal.request == .finish)
        #expect(signal.isRequested)
        signal.ask()
        #expect(signal.request == .atOnce)
        signal.ask()
        #expect(signal.request == .atOnce)
        #expect(StopRequest.finish < .atOnce)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func theFirstSignalIsSurvived(signal: Int32) async {
        await #expect(processExitsWith: .exitCode(0)) { [signal] in
            StopSignal.installHandlers()
            deliver(signal, untilAskedTo: .finish)
            exit(StopSignal.interrupt.request == .finish ? 0 : 1)
        }
    }

    @Test func aHangupThatTheParentIgnoresStaysIgnored() async {
        await #expect(processExitsWith: .exitCode(0)) {
            _ = signal(SIGHUP, SIG_IGN)
            StopSignal.installHandlers()
            kill(getpid(), SIGHUP)
            deliver(SIGTERM, untilAskedTo: .finish)
            exit(StopSignal.interrupt.request == .finish ? 0 : 1)
        }
    }

    @Test func theSecondSignalEndsTheProgram() async {
        await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
            StopSignal.installHandlers()
            deliver(SIGINT, untilAskedTo: .finish)
            deliver(SIGTERM, untilAskedTo: .atOnce)
            exit(0)
        }
    }
}

/// Sends this process a signal and waits until it has been handled.
///
/// `raise` would not do: the threads that tests run on have signals blocked.
private func deliver(_ signal: Int32, untilAskedTo request: StopRequest) {
    kill(getpid(), signal)
    while StopSignal.interrupt.request < request { usleep(100) }
}
