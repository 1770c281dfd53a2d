import Scene
import Testing

struct DetectionMetricsTests {
    /// Results of `pycocotools` on a synthetic set: its twelve numbers, then AP and AP50 of each class.
    struct Reference: Sendable {
        var seed: UInt64
        var images: Int
        var classes: Int
        var crowds: Int
        var stats: [Double]
        var perClass: [[Double]]
    }

    @Test(arguments: references)
    func equalsTheReferenceTool(reference: Reference) throws {
        let images = DetectionSet.images(
            seed: reference.seed, count: reference.images, classes: reference.classes,
            crowds: reference.crowds)
        let metrics = DetectionMetrics(images: images, classCount: reference.classes)
        let stats = [
            metrics.averagePrecision, metrics.averagePrecision50, metrics.averagePrecision75,
            metrics.averagePrecisionSmall, metrics.averagePrecisionMedium,
            metrics.averagePrecisionLarge, metrics.averageRecall1, metrics.averageRecall10,
            metrics.averageRecall100, metrics.averageRecallSmall, metrics.averageRecallMedium,
            metrics.averageRecallLarge,
        ]
        for (ours, theirs) in zip(stats, reference.stats) {
            #expect(abs(try #require(ours) - theirs) < 1e-9)
        }
        for (ours, theirs) in zip(metrics.classes, reference.perClass) {
            #expect(abs(try #require(ours.averagePrecision) - theirs[0]) < 1e-9)
            #expect(abs(try #require(ours.averagePrecision50) - theirs[1]) < 1e-9)
        }
        #expect(metrics.classes.count == reference.classes)
    }

    @Test func classWithoutGroundTruthHasNoPrecision() {
        let truth = AnnotatedObject(classIndex: 0, box: Box(x: 0, y: 0, width: 10, height: 10))
        let detection = Detection(classIndex: 0, score: 0.5, box: truth.box)
        let metrics = DetectionMetrics(
            images: [AnnotatedImage(truths: [truth], detections: [detection])], classCount: 2)
        #expect(metrics.averagePrecision == 1)
        #expect(metrics.averagePrecisionSmall == 1)
        #expect(metrics.averagePrecisionLarge == nil)
        #expect(metrics.classes[1].averagePrecision == nil)
    }

    @Test func onlyTheBestHundredDetectionsOfAClassCount() throws {
        let truth = AnnotatedObject(classIndex: 0, box: Box(x: 0, y: 0, width: 50, height: 50))
        let stray = Detection(
            classIndex: 0, score: 0.9, box: Box(x: 200, y: 0, width: 50, height: 50))
        let detection = Detection(classIndex: 0, score: 0.1, box: truth.box)
        func recall(strays: Int) -> Double? {
            let detections = Array(repeating: stray, count: strays) + [detection]
            return DetectionMetrics(
                images: [AnnotatedImage(truths: [truth], detections: detections)], classCount: 1
            ).averageRecall100
        }
        #expect(recall(strays: 99) == 1)
        #expect(recall(strays: 100) == 0)
    }

    @Test func detectionsWithNaNScoresAreIgnored() {
        let truth = AnnotatedObject(classIndex: 0, box: Box(x: 0, y: 0, width: 50, height: 50))
        let odd = Detection(classIndex: 0, score: .nan, box: Box(x: 9, y: 9, width: 1, height: 1))
        let detection = Detection(classIndex: 0, score: 0.1, box: truth.box)
        let image = AnnotatedImage(truths: [truth], detections: [odd, detection])
        #expect(DetectionMetrics(images: [image], classCount: 1).averagePrecision == 1)
        #expect(VOCPrecision(images: [image], classCount: 1).averagePrecision == 1)
    }

    // swift-format-ignore
    static let references = [
        Reference(
            seed: 1, images: 40, classes: 3, crowds: 0,
            stats: [0.111208319239, 0.221845924301, 0.118487719447, 0.123868911282, 0.100775611595, 0.22910170779,
                    0.092870768789, 0.341653040734, 0.34486589214, 0.361487706194, 0.279997779998, 0.385233285233],
            perClass: [[0.114084024922, 0.189777292003], [0.094776917634, 0.212126683806], [0.124764015161, 0.263633797094]]),
        Reference(
            seed: 2, images: 60, classes: 4, crowds: 20,
            stats: [0.084329771498, 0.188582211518, 0.080235621601, 0.088918299226, 0.085775428925, 0.183971168004,
                    0.085040516188, 0.322100372412, 0.322100372412, 0.341807319519, 0.287877435065, 0.392857142857],
            perClass: [[0.055125386217, 0.166876743173], [0.125778780243, 0.265552704745],
                       [0.088403979678, 0.16210310124], [0.068010939855, 0.159796296917]]),
        Reference(
            seed: 3, images: 25, classes: 1, crowds: 10,
            stats: [0.114378056925, 0.247654132854, 0.109213499189, 0.156845483677, 0.088336095398, 0.130977754199,
                    0.033823529412, 0.279411764706, 0.363970588235, 0.383783783784, 0.352272727273, 0.311111111111],
            perClass: [[0.114378056925, 0.247654132854]]),
        Reference(
            seed: 4, images: 300, classes: 2, crowds: 5,
            stats: [0.085548977673, 0.19056697286, 0.074036077039, 0.088140112248, 0.084262302604, 0.11049046614,
                    0.06215303219, 0.31193292068, 0.32432704165, 0.303295498696, 0.356060852147, 0.326717296114],
            perClass: [[0.083144318368, 0.185221780582], [0.087953636977, 0.195912165138]]),
    ]
}

struct VOCPrecisionTests {
    @Test func equalsTheDevelopmentKitsRules() throws {
        let images = DetectionSet.images(seed: 2, count: 60, classes: 4, crowds: 20)
        let precision = VOCPrecision(images: images, classCount: 4)
        for (index, expected) in Self.reference.enumerated() {
            #expect(abs(try #require(precision.classes[index]) - expected[0]) < 1e-9)
            #expect(abs(try #require(precision.classes11[index]) - expected[1]) < 1e-9)
        }
        let mean = Self.reference.map { $0[0] }.reduce(0, +) / 4
        #expect(abs(try #require(precision.averagePrecision) - mean) < 1e-9)
    }

    // swift-format-ignore
    static let reference: [[Double]] = [[0.166074109747, 0.165284000578], [0.25602380243, 0.266119217938], [0.157138149102, 0.167968633466], [0.153312852106, 0.158236311355]]
}
