import Testing

@testable import Pipeline

struct DetectorThreadsTests {
    @Test(arguments: [(1, 1, 1), (2, 2, 1), (4, 4, 1), (8, 4, 2), (9, 4, 2), (64, 4, 16)])
    func recordingsAreSeenSideBySide(threads: Int, detectors: Int, each: Int) {
        let split = DetectorThreads(threads: threads, isLive: false)
        #expect(split.detectors == detectors && split.each == each)
        #expect(split.pictures >= split.detectors)
    }

    @Test func aLivePictureGetsAllThreads() {
        let split = DetectorThreads(threads: 6, isLive: true)
        #expect(split.detectors == 1 && split.each == 6 && split.pictures == 1)
    }
}
