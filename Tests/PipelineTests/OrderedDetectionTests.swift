import Flow
import TestSupport
import Testing

@testable import Configuration
@testable import Pipeline
@testable import Video

@Suite(.timeLimit(.minutes(2)))
struct OrderedDetectionTests {
    /// Properties of an item that can be compared after it has gone.
    enum Trace: Equatable {
        case packet
        case frame(ticks: Int64, isDetected: Bool)
    }

    private func context() throws -> DetectionContext {
        var description = DetectDescription()
        description.model.inputSize = PictureSize(width: 64, height: 64)
        description.model.threads = 3
        return try DetectionContext(description)
    }

    /// Passes a clip with audio through the workers; every `every`-th frame is due.
    private func traces(every: Int) throws -> (added: [Trace], taken: [Trace], detections: Int) {
        let recorder = StepRecorder()
        let context = try context()
        let threads = DetectorThreads(threads: 3, isLive: false, encoder: nil)
        var ordered = try OrderedDetection(context, threads, recorder: recorder)
        var options = ReaderOptions()
        options.packetKinds = [.audio]
        var reader = try VideoReader(try Media.small(), options: options)
        var (added, taken): ([Trace], [Trace]) = ([], [])
        var frames = 0
        while let item = try reader.next() {
            let isDue = item.isFrame && frames % every == 0
            if item.isFrame { frames += 1 }
            added.append(item.trace(isDue: isDue))
            ordered.add(PipelineItem(source: 0, media: item), isDue: isDue)
            while ordered.isFull {
                guard let result = try ordered.takeOldest() else { break }
                taken.append(result.item.media.trace(isDue: result.detections != nil))
            }
        }
        while let result = try ordered.takeOldest() {
            taken.append(result.item.media.trace(isDue: result.detections != nil))
        }
        let isEmpty = ordered.isEmpty
        #expect(isEmpty)
        return (added, taken, recorder[.detect].count)
    }

    @Test(arguments: [1, 3, 7])
    func itemsComeOutInOrderAndOnlyDueFramesAreDetected(every: Int) throws {
        let (added, taken, detections) = try traces(every: every)
        #expect(added == taken)
        #expect(added.contains(.packet))
        #expect(detections == (50 + every - 1) / every)
    }

    @Test func aModelThatCannotBeBuiltFailsAtTheFirstResult() throws {
        var description = DetectDescription()
        description.model.inputSize = PictureSize(width: 33, height: 33)
        let threads = DetectorThreads(threads: 2, isLive: false, encoder: nil)
        var ordered = try OrderedDetection(
            try DetectionContext(description), threads, recorder: StepRecorder())
        var reader = try VideoReader(try Media.small())
        while !ordered.isFull, let item = try reader.next() {
            ordered.add(PipelineItem(source: 0, media: item), isDue: true)
        }
        #expect(throws: RunError.self) { while try ordered.takeOldest() != nil {} }
    }
}

extension MediaItem {
    fileprivate borrowing func trace(isDue: Bool) -> OrderedDetectionTests.Trace {
        switch self {
        case .packet: .packet
        case .frame(let frame): .frame(ticks: frame.timestamp.ticks, isDetected: isDue)
        }
    }
}
