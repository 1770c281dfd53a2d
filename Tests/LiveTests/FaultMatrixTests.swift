import Configuration
import Flow
import Foundation
import Pipeline
import TestSupport
import Testing
import Video

@testable import Live

/// Guarantees for every camera of the fault matrix.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct FaultMatrixTests {
    typealias Cell = FaultMatrix.Cell

    private func history(_ cell: Cell) throws -> FaultMatrix.History {
        try #require(try FaultMatrix.outcome.get().histories[cell])
    }

    private func last(_ cell: Cell) throws -> CameraStatus { try #require(try history(cell).last) }

    /// Allowance for a busy machine in seconds.
    private static let patience = 1.0

    private static func cells(_ faults: FaultMatrix.Fault...) -> [Cell] {
        FaultMatrix.cells.filter { faults.contains($0.fault) }
    }

    @Test(arguments: FaultMatrix.cells)
    func everyFrameHasOneFate(cell: Cell) throws {
        let last = try last(cell)
        #expect(last.counts.check(), "\(last.counts)")
        #expect(last.counts.dropped.keys.allSatisfy { $0 == .connectionLost }, "\(last.counts)")
    }

    /// Cameras in the state `watching` are never older than their timeout between packets.
    @Test(arguments: FaultMatrix.cells)
    func watchedCamerasAreNeverOlderThanTheirTimeout(cell: Cell) throws {
        for sample in try history(cell).samples where sample.status.state == .watching {
            let age = try #require(sample.status.age)
            #expect(age < FaultMatrix.silence + Self.patience)
        }
    }

    /// Within a second of the camera's return, plus the wait between attempts and the key-frame
    /// interval.
    @Test(arguments: cells(.frozenShort, .frozenLong, .killed, .refused))
    func aCameraThatReturnsIsWatchedSoon(cell: Cell) throws {
        let history = try history(cell)
        let backAt = try #require(history.backAt)
        let before = history.samples.last { $0.at <= backAt }
        let later = history.samples.filter { $0.at > backAt }
        let seen = try #require(
            later.first {
                $0.status.state == .watching
                    && $0.status.counts.decoded > before?.status.counts.decoded ?? 0
            }, "never seen again: \(String(describing: later.last?.status.reason))")
        let wait =
            ([before].compactMap { $0 } + later).filter { $0.at <= seen.at }
            .compactMap(\.status.retry).max() ?? 0
        let limit = 1 + wait + FaultMatrix.keyDistance + Self.patience
        #expect(seen.at - backAt < limit, "waited \(wait) s between attempts")
    }

    @Test(arguments: cells(.killed, .frozenLong, .refused))
    func aMissingCameraIsReportedAsLost(cell: Cell) throws {
        let history = try history(cell)
        let backAt = try #require(history.backAt)
        let before = try #require(history.samples.last { $0.at < backAt - 0.2 })
        // Over UDP a killed camera is noticed only after its timeout.
        if cell.fault != .killed || cell.transport == .tcp {
            #expect(before.status.state != .watching)
            #expect(before.status.reason?.isEmpty == false)
        }
        let last = try last(cell)
        #expect(last.state == .watching, "\(String(describing: last.reason))")
        #expect(last.reason == nil && last.retry == nil)
    }

    @Test(arguments: cells(.clean, .frozenShort, .jump, .change, .betweenKeys, .loss))
    func toleratedFaultsCauseNoReconnect(cell: Cell) throws {
        let last = try last(cell)
        #expect(last.state == .watching, "\(String(describing: last.reason))")
        #expect(last.losses == 0 && last.connections == 1)
        #expect(last.counts.droppedTotal == 0)
        #expect(last.report.clockJumps == (cell.fault == .jump ? 1 : 0))
        #expect((last.report.refittedFrames > 0) == (cell.fault == .change))
        // Frames whose references precede the first key frame are damaged as well.
        if cell.fault != .betweenKeys {
            #expect((last.report.damagedFrames > 0) == (cell.fault == .loss))
        }
    }

    @Test(arguments: cells(.end))
    func theEndOfAStreamIsALossAndIsRetried(cell: Cell) throws {
        let last = try last(cell)
        #expect(last.state == .watching, "\(String(describing: last.reason))")
        #expect(last.losses >= 1 && last.connections == last.losses + 1)
    }

    @Test(arguments: cells(.wrongPassword))
    func aWrongPasswordIsReportedButNotShown(cell: Cell) throws {
        let last = try last(cell)
        #expect(last.state == .lost && last.connections == 0 && last.counts.decoded == 0)
        let reason = try #require(last.reason)
        #expect(reason.contains("401") && reason.contains("password"))
        #expect(!reason.contains("guess") && !last.source.contains("guess"))
    }

    @Test func thePageAgreesWithTheRun() throws {
        #expect(try FaultMatrix.outcome.get().contradictions == [])
    }
}
