import Testing

@testable import Pipeline

struct DetectorThreadsTests {
    @Test(arguments: [(1, 1, 1), (2, 2, 1), (4, 4, 1), (8, 4, 2), (9, 4, 2), (64, 4, 16)])
    func recordingsHaveSeveralDetectors(threads: Int, detectors: Int, each: Int) {
        let split = DetectorThreads(threads: threads, isLive: false, encoder: nil)
        #expect(split.detectors == detectors && split.threadsEach == each)
        #expect(split.frameLimit >= split.detectors)
    }

    /// Memory beside an encoder does not grow with the number of processors.
    @Test(arguments: [(1, 1, 1), (2, 2, 1), (3, 2, 1), (8, 2, 4), (64, 2, 32)])
    func atMostTwoDetectorsRunBesideAnEncoder(threads: Int, detectors: Int, each: Int) {
        let split = DetectorThreads(threads: threads, isLive: false, encoder: "libx264")
        #expect(split.detectors == detectors && split.threadsEach == each)
        #expect(split.frameLimit <= 4)
    }

    @Test func oneDetectorRunsBesideX265() {
        let split = DetectorThreads(threads: 8, isLive: false, encoder: "libx265")
        #expect(split.detectors == 1 && split.threadsEach == 8)
    }

    @Test func aLiveSourceHasOneDetectorWithAllThreads() {
        let split = DetectorThreads(threads: 6, isLive: true, encoder: "libx264")
        #expect(split.detectors == 1 && split.threadsEach == 6 && split.frameLimit == 1)
    }
}
