/// Average precision and recall of a detector as the COCO challenge defines them.
///
/// Results equal those of `pycocotools`: greedy matching by score in each image and class, ties in the order given. Ten
/// overlap thresholds from 0.50 to 0.95, precision at 101 recalls, crowds ignored, at most 100 detections of a class in
/// an image. All values are 0 to 1; nil means that there is no ground truth.
public struct DetectionMetrics: Hashable, Sendable {
    /// Average precision, mean over overlaps 0.50 to 0.95 and classes.
    public var averagePrecision: Double?
    /// Average precision at overlap 0.50.
    public var averagePrecision50: Double?
    /// Average precision at overlap 0.75.
    public var averagePrecision75: Double?
    /// Average precision for objects below 32² pixels.
    public var averagePrecisionSmall: Double?
    /// Average precision for objects from 32² to 96² pixels.
    public var averagePrecisionMedium: Double?
    /// Average precision for objects above 96² pixels.
    public var averagePrecisionLarge: Double?
    /// Recall with one detection of each class in an image, mean over overlaps and classes.
    public var averageRecall1: Double?
    /// Recall with ten detections.
    public var averageRecall10: Double?
    /// Recall with a hundred detections.
    public var averageRecall100: Double?
    /// Recall with a hundred detections, objects below 32² pixels.
    public var averageRecallSmall: Double?
    /// Recall with a hundred detections, objects from 32² to 96² pixels.
    public var averageRecallMedium: Double?
    /// Recall with a hundred detections, objects above 96² pixels.
    public var averageRecallLarge: Double?
    /// Average precision of each class, by class index.
    public var classes: [ClassPrecision]

    /// Evaluates a detector.
    ///
    /// - Parameters:
    ///   - images: In ascending order of their ids, which decides between equal scores.
    ///   - classCount: Number of classes; objects and detections of others are left out.
    public init(images: [AnnotatedImage], classCount: Int) {
        let tables = (0..<classCount).map { CocoTable(images: images, classIndex: $0) }
        func precision(_ range: CocoRange = .all, at threshold: Int? = nil) -> Double? {
            mean(tables.flatMap { $0[range, 100].precisions(at: threshold) })
        }
        func recall(_ range: CocoRange = .all, _ limit: Int = 100) -> Double? {
            mean(tables.flatMap { $0[range, limit].recalls })
        }
        averagePrecision = precision()
        averagePrecision50 = precision(at: CocoTable.half)
        averagePrecision75 = precision(at: CocoTable.threeQuarters)
        averagePrecisionSmall = precision(.small)
        averagePrecisionMedium = precision(.medium)
        averagePrecisionLarge = precision(.large)
        averageRecall1 = recall(.all, 1)
        averageRecall10 = recall(.all, 10)
        averageRecall100 = recall()
        averageRecallSmall = recall(.small)
        averageRecallMedium = recall(.medium)
        averageRecallLarge = recall(.large)
        classes = tables.map { table in
            let all = table[.all, 100]
            return ClassPrecision(
                averagePrecision: mean(all.precisions(at: nil)),
                averagePrecision50: mean(all.precisions(at: CocoTable.half)),
                precisions50: all.points50)
        }
    }
}

/// Average precision of one class.
public struct ClassPrecision: Hashable, Sendable {
    /// Mean over overlaps 0.50 to 0.95; nil without ground truth of this class.
    public var averagePrecision: Double?
    /// Average precision at overlap 0.50.
    public var averagePrecision50: Double?
    /// Precision at overlap 0.50 by recall: 101 values for recall 0, 0.01, … 1; empty without ground truth.
    public var precisions50: [Double]

    /// Creates a value from its parts.
    public init(
        averagePrecision: Double?, averagePrecision50: Double?, precisions50: [Double] = []
    ) {
        self.averagePrecision = averagePrecision
        self.averagePrecision50 = averagePrecision50
        self.precisions50 = precisions50
    }
}

/// Arithmetic mean; nil for an empty array.
func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
