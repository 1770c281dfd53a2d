import Flow
import Foundation
import Testing

@testable import Live

@Suite(.timeLimit(.minutes(1)))
struct MJPEGStreamTests {
    @Test func aStreamEndsWithItsCamera() async throws {
        let preview = LatestPreview()
        let permit = try #require(ConcurrencyLimit(1).acquire())
        var frames = MJPEGStream(preview: preview, permit: permit, silence: 0.1)
            .makeAsyncIterator()
        preview.show(Data("before".utf8), arrival: MonotonicClock.system.now)
        Task {
            try await Task.sleep(for: .milliseconds(50))
            preview.show(Data("frame".utf8), arrival: MonotonicClock.system.now)
        }
        // A frame drawn before the first viewer is not shown.
        let part = try #require(try await frames.nextBuffer(suggested: 1))
        #expect(String(decoding: part, as: UTF8.self).hasSuffix("\r\n\r\nframe\r\n"))
        #expect(try await frames.nextBuffer(suggested: 1) == nil)
    }
}
