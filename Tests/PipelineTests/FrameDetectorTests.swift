import Flow
import Foundation
import FoundationEssentials
import TestSupport
import Testing

@testable import Configuration
@testable import Pipeline
@testable import Scene
@testable import ThunderNet
@testable import Video

struct FrameDetectorTests {
    /// The first decoded frame of the sample, a road with vehicles.
    private func frame() throws -> Frame {
        let path = Shared.root.appendingPathComponent("Samples/road-day.mp4").path
        var reader = try VideoReader(path)
        while let item = try reader.next() {
            if case .frame(let frame) = consume item { return frame }
        }
        throw RunError(.noVideo, path)
    }

    private func context(
        _ change: (inout DetectDescription) -> Void = { _ in }
    ) throws -> DetectionContext {
        var description = DetectDescription()
        description.model.inputSize = PictureSize(width: 320, height: 192)
        change(&description)
        return try DetectionContext(description)
    }

    @Test func detectionsEqualThoseOfTheBareDetector() throws {
        let context = try context()
        let frame = try frame()
        var bare = try Detector(model: context.model, options: context.detectorOptions)
        var expected: [Detection] = []
        frame.withPicture { bare.load($0) }
        bare.detectLoaded(into: &expected) { _ in }
        var detector = try FrameDetector(context)
        detector.detect(frame, recorder: StepRecorder())
        #expect(!expected.isEmpty)
        #expect(detector.detections == expected)
    }

    @Test func detectionsInIgnoredRegionsAreDiscarded() throws {
        let whole = try #require(Region(x: 0, y: 0, width: 1, height: 1))
        let frame = try frame()
        let recorder = StepRecorder()
        var detector = try FrameDetector(
            try context {
                $0.objects.ignored = [
                    .rectangle(FractionRectangle(x: 0, y: 0, width: 1, height: 1))
                ]
            })
        detector.detect(frame, recorder: recorder)
        #expect(detector.detections.isEmpty)
        detector.detect(frame, limits: limits([]), recorder: recorder)
        let all = detector.detections
        #expect(!all.isEmpty)
        let half = try #require(Region(x: 0, y: 0, width: 0.5, height: 1))
        detector.detect(frame, limits: limits([half]), recorder: recorder)
        let middle = Float(frame.width) / 2
        #expect(detector.detections == all.filter { $0.box.centerX > middle })
        detector.detect(frame, limits: limits([whole]), recorder: recorder)
        #expect(detector.detections.isEmpty)
    }

    private func limits(_ regions: [Region]) -> DetectionLimits {
        DetectionLimits(regions: regions, sizes: SizeLimits())
    }

    @Test func detectionsOfOtherSizesAreDiscarded() throws {
        let frame = try frame()
        var detector = try FrameDetector(try context { _ in })
        detector.detect(frame, recorder: StepRecorder())
        let all = detector.detections.map(\.box.height).sorted()
        let least = try #require(all.dropFirst(all.count / 2).first) / Float(frame.height)
        var limited = try FrameDetector(
            try context { try? $0.set("objects.min-size", to: ["car:\(least),truck:\(least)"]) })
        limited.detect(frame, recorder: StepRecorder())
        #expect(!limited.detections.isEmpty && limited.detections.count < detector.detections.count)
    }

    @Test func onlyWantedClassesAreDetected() throws {
        let context = try context { $0.objects.classes = ["truck"] }
        var detector = try FrameDetector(context)
        detector.detect(try frame(), recorder: StepRecorder())
        let truck = context.classNames.firstIndex(of: "truck")
        #expect(detector.detections.allSatisfy { $0.classIndex == truck })
    }

    @Test func everyStepOfADetectionIsMeasuredOnce() throws {
        let recorder = StepRecorder()
        var detector = try FrameDetector(try context())
        let frame = try frame()
        for _ in 0..<3 { detector.detect(frame, recorder: recorder) }
        #expect(recorder[.scale].count == 3 && recorder[.detect].count == 3)
        for step in Detector.Step.allCases { #expect(recorder[step: step].count == 3) }
    }

    /// The two conversions differ by rounding, which moves boxes by little.
    @Test func anImageIsDetectedLikeAFrame() throws {
        let frame = try frame()
        var detector = try FrameDetector(try context())
        detector.detect(frame, recorder: StepRecorder())
        let found = detector.detections.filter { $0.score > 0.9 }
        try detector.detectImage(frame)
        #expect(!found.isEmpty)
        for detection in found {
            #expect(
                detector.detections.contains {
                    $0.classIndex == detection.classIndex && $0.box.overlap(detection.box) > 0.7
                })
        }
    }
}
