/// Average precision of a detector as the PASCAL VOC challenge defines it, at overlap 0.5.
///
/// Each detection is matched with the object of its class that it overlaps most. Only the best-scored detection of
/// an object is a hit; objects marked as crowd (VOC: difficult) are ignored. Boxes are continuous, whereas the
/// challenge's program adds one pixel to each extent. Mean values leave out classes without ground truth.
public struct VOCPrecision: Hashable, Sendable {
    /// Mean over classes of the area under the curve (since 2010).
    public var averagePrecision: Double?
    /// Mean over classes of the 11-point average precision (until 2009).
    public var averagePrecision11: Double?
    /// Area under the curve, by class index.
    public var classes: [Double?]
    /// 11-point average precision, by class index.
    public var classes11: [Double?]

    /// Evaluates a detector.
    ///
    /// - Parameters:
    ///   - images: In ascending order of their ids, which decides between equal scores.
    ///   - classCount: Number of classes; objects and detections of others are left out.
    public init(images: [AnnotatedImage], classCount: Int) {
        let curves = (0..<classCount).map { Self.curve(images: images, classIndex: $0) }
        classes = curves.map { $0?.area }
        classes11 = curves.map { $0?.precision11 }
        averagePrecision = mean(classes.compactMap(\.self))
        averagePrecision11 = mean(classes11.compactMap(\.self))
    }

    private struct Candidate {
        var image: Int
        var score: Float
        var box: DoubleBox
    }

    private static func curve(images: [AnnotatedImage], classIndex: Int) -> PrecisionCurve? {
        let truths = images.map { $0.truths.filter { $0.classIndex == classIndex } }
        let truthCount = truths.reduce(0) { $0 + $1.count { !$0.isCrowd } }
        guard truthCount > 0 else { return nil }
        var isTaken = truths.map { $0.map { _ in false } }
        var curve = PrecisionCurve(truthCount: truthCount)
        for candidate in candidates(images, classIndex: classIndex) {
            let overlaps = truths[candidate.image].map { candidate.box.overlap(DoubleBox($0.box)) }
            guard let best = firstMaximum(overlaps), overlaps[best] >= 0.5 else {
                curve.append(isHit: false)
                continue
            }
            guard !truths[candidate.image][best].isCrowd else { continue }
            curve.append(isHit: !isTaken[candidate.image][best])
            isTaken[candidate.image][best] = true
        }
        return curve
    }

    private static func candidates(_ images: [AnnotatedImage], classIndex: Int) -> [Candidate] {
        var candidates: [Candidate] = []
        for (image, content) in images.enumerated() {
            for detection in content.detections.sortedByScore()
            where detection.classIndex == classIndex && !detection.score.isNaN {
                candidates.append(
                    Candidate(image: image, score: detection.score, box: DoubleBox(detection.box)))
            }
        }
        return candidates.enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element)
    }

    private static func firstMaximum(_ values: [Double]) -> Int? {
        guard let maximum = values.max() else { return nil }
        return values.firstIndex(of: maximum)
    }
}
