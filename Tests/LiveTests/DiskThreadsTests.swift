import Dispatch
import Foundation
import Testing

@testable import Live

@Suite(.timeLimit(.minutes(1)))
struct DiskThreadsTests {
    @Test func aHangingDiskEndsTheWaitAtItsTimeout() throws {
        let disks = DiskThreads()
        let answer = DispatchSemaphore(value: 0)
        defer { answer.signal() }
        try disks.start("hangs") { answer.wait() }
        let start = Date()
        #expect(!disks.finish())
        #expect(Date().timeIntervalSince(start) < 1.9)
    }

    @Test func finishWaitsForRunningThreads() throws {
        let disks = DiskThreads()
        let isWritten = DispatchSemaphore(value: 0)
        try disks.start("writes") {
            usleep(100_000)
            isWritten.signal()
        }
        #expect(disks.finish())
        #expect(isWritten.wait(timeout: .now()) == .success)
    }
}
