import Flow
import Foundation
import Testing

@testable import Live

@Suite(.timeLimit(.minutes(1)))
struct LatestPreviewTests {
    private let second: UInt64 = 1_000_000_000

    @Test func framesAreWantedOnlyWhileThereAreViewers() async throws {
        let preview = LatestPreview()
        #expect(!preview.startDrawing(now: MonotonicClock.system.now))
        let viewer = Task { await preview.preview(after: 0, within: 30) }
        while !preview.startDrawing(now: MonotonicClock.system.now) {
            try await Task.sleep(for: .milliseconds(5))
        }
        preview.show(Data([1]), arrival: MonotonicClock.system.now)
        #expect(await viewer.value?.jpeg == Data([1]))
        let now = MonotonicClock.system.now
        #expect(!preview.startDrawing(now: now + 10 * second), "the viewer has left")
    }

    @Test func atMostTenFramesASecondAreWanted() async {
        let preview = LatestPreview()
        preview.show(Data([1]), arrival: MonotonicClock.system.now)
        _ = await preview.preview(after: 0, within: 0.001)
        let now = MonotonicClock.system.now
        let wanted = (0..<100).count { preview.startDrawing(now: now + $0 * second / 100) }
        #expect(wanted == 10)
    }

    @Test func theLastFrameOfALostCameraIsNotShown() async {
        let preview = LatestPreview()
        // The first request makes this viewer present, so that later frames count as new.
        _ = await preview.preview(after: 0, within: 0.001)
        preview.show(Data([1]), arrival: MonotonicClock.system.now - 10 * second)
        #expect(await preview.preview(after: 0, within: 0.05) == nil)
        preview.show(Data([2]), arrival: MonotonicClock.system.now)
        #expect(await preview.preview(after: 0, within: 5)?.jpeg == Data([2]))
    }
}
