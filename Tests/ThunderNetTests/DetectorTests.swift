import Scene
import Tensors
import Testing

@testable import ThunderNet

/// The detector with random weights.
struct DetectorTests {
    static func model(_ backbone: String = "snet49", stride: Int = 16) throws -> Model {
        var description = ModelDescription(
            name: "small", backbone: backbone, classes: ["a", "b", "c"], width: 96, height: 64)
        description.suppression.score = 0.05
        description.proposals.after = 20
        description.anchors.stride = stride
        return try Model.untrained(description)
    }

    static func detections(
        _ model: Model, _ options: DetectorOptions = DetectorOptions(), width: Int = 100,
        height: Int = 70
    ) throws -> [Detection] {
        var detector = try Detector(model: model, options: options)
        return detector.detect(ImageInputTests.picture(width, height), width, height)
    }

    @Test(arguments: AnchorDesign.strides)
    func bothEnginesDetectTheSameObjects(_ stride: Int) throws {
        let model = try Self.model(stride: stride)
        var options = DetectorOptions()
        options.engine = .reference
        let slow = try Self.detections(model, options)
        options.engine = .plan
        let fast = try Self.detections(model, options)
        #expect(!slow.isEmpty)
        #expect(slow.count == fast.count)
        for (a, b) in zip(slow, fast) {
            #expect(a.classIndex == b.classIndex)
            #expect(abs(a.score - b.score) < 2e-3)
            #expect(a.box.overlap(b.box) > 0.95)
        }
    }

    @Test func automaticEngineIsThePlan() throws {
        #expect(try Detector(model: Self.model()).engineChoice == .plan)
        var options = DetectorOptions()
        options.engine = .reference
        #expect(try Detector(model: Self.model(), options: options).engineChoice == .reference)
    }

    @Test(arguments: [
        "menet-108-8x1", "fdmobilenet-0.25x", "mobilenet-0.25x", "shufflenet-0.5x-g3",
    ])
    func otherBackbonesDetectToo(_ backbone: String) throws {
        var options = DetectorOptions()
        (options.width, options.height) = (32, 32)
        let found = try Self.detections(Self.model(backbone), options)
        #expect(found.allSatisfy { $0.score > 0.05 && $0.score <= 1 })
    }

    @Test func detectionsAreInsideTheImageAndSorted() throws {
        let found = try Self.detections(Self.model(), width: 57, height: 211)
        #expect(!found.isEmpty && found.count <= 100)
        let picture = Box(x: 0, y: 0, width: 57, height: 211)
        for detection in found {
            let inside = detection.box.intersection(picture)
            #expect(abs(inside.area - detection.box.area) <= 0.01 * detection.box.area)
        }
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
    }

    @Test func detectionsAreFilteredByScoreAndClass() throws {
        let model = try Self.model()
        let all = try Self.detections(model)
        var options = DetectorOptions()
        options.classes = [1]
        let some = try Self.detections(model, options)
        #expect(some.allSatisfy { $0.classIndex == 1 })
        #expect(some.count >= all.filter { $0.classIndex == 1 }.count)
        options.classes = []
        #expect(try Self.detections(model, options).isEmpty)
        options.classes = nil
        options.minimumScore = 0.4
        #expect(try Self.detections(model, options).allSatisfy { $0.score > 0.4 })
    }

    @Test func imageScaledByTheCallerGivesTheSameDetections() throws {
        let model = try Self.model()
        var detector = try Detector(model: model)
        let picture = ImageInputTests.picture(96, 64)
        let straight = detector.detect(picture, 96, 64)
        var lent: [Detection] = []
        detector.withInputBuffer(imageWidth: 192, imageHeight: 64) { buffer, width, height in
            #expect(width == 96 && height == 64)
            for index in picture.indices { buffer[index] = picture[index] }
        }
        detector.detectLoaded(into: &lent)
        #expect(lent.map(\.score) == straight.map(\.score))
        for (a, b) in zip(lent, straight) { #expect(abs(a.box.x - 2 * b.box.x) < 1e-3) }
    }

    @Test func letterboxKeepsTheAspectRatio() throws {
        var options = DetectorOptions()
        options.fit = .letterbox
        var detector = try Detector(model: Self.model(), options: options)
        detector.withInputBuffer(imageWidth: 640, imageHeight: 640) { _, width, height in
            #expect(width == 64 && height == 64)
        }
    }

    @Test(arguments: [(32, 32), (128, 32), (64, 160)])
    func everyMultipleOf32Works(_ width: Int, _ height: Int) throws {
        var options = DetectorOptions()
        (options.width, options.height) = (width, height)
        _ = try Self.detections(Self.model(), options)
    }

    @Test func otherInputSizesAreErrors() throws {
        var options = DetectorOptions()
        options.width = 100
        let model = try Self.model()
        #expect(throws: ModelError.self) { _ = try Self.detections(model, options) }
    }
}
