/// Average precision of a detector as the PASCAL VOC challenge defines it, at overlap 0.5.
///
/// A detection goes to the object of its class that it overlaps most; only the best-scored detection of an object
/// counts as a hit, and objects marked as crowd (VOC: difficult) count neither way. Boxes are continuous: the
/// challenge's own program adds a pixel to each extent. Mean values leave out classes that are nowhere.
public struct VOCPrecision: Hashable, Sendable {
    /// Mean over classes of the area under the curve (since 2010).
    public var averagePrecision: Double?
    /// Mean over classes of the precision at eleven recalls (until 2009).
    public var averagePrecision11: Double?
    /// The area under the curve by class index.
    public var classes: [Double?]
    /// The precision at eleven recalls by class index.
    public var classes11: [Double?]

    /// Measures a detector.
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

    private struct Claim {
        var image: Int
        var score: Float
        var box: DoubleBox
    }

    private static func curve(images: [AnnotatedImage], classIndex: Int) -> PrecisionCurve? {
        let truths = images.map { $0.truths.filter { $0.classIndex == classIndex } }
        let wanted = truths.reduce(0) { $0 + $1.count { !$0.isCrowd } }
        guard wanted > 0 else { return nil }
        var isTaken = truths.map { $0.map { _ in false } }
        var curve = PrecisionCurve(wanted: wanted)
        for claim in claims(images, classIndex: classIndex) {
            let overlaps = truths[claim.image].map { claim.box.overlap(DoubleBox($0.box)) }
            guard let best = firstGreatest(overlaps), overlaps[best] >= 0.5 else {
                curve.append(isHit: false)
                continue
            }
            guard !truths[claim.image][best].isCrowd else { continue }
            curve.append(isHit: !isTaken[claim.image][best])
            isTaken[claim.image][best] = true
        }
        return curve
    }

    private static func claims(_ images: [AnnotatedImage], classIndex: Int) -> [Claim] {
        var claims: [Claim] = []
        for (image, content) in images.enumerated() {
            for detection in content.detections.sortedByScore()
            where detection.classIndex == classIndex && !detection.score.isNaN {
                claims.append(
                    Claim(image: image, score: detection.score, box: DoubleBox(detection.box)))
            }
        }
        return claims.enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element)
    }

    private static func firstGreatest(_ values: [Double]) -> Int? {
        guard let greatest = values.max() else { return nil }
        return values.firstIndex(of: greatest)
    }
}
