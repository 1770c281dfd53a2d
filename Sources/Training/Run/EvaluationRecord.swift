public import Scene

/// Result of one evaluation on held-out images, written to `evaluation.json`.
public struct EvaluationRecord: Hashable, Sendable, Codable {
    /// Figures of one class.
    public struct ClassFigures: Hashable, Sendable, Codable {
        /// Name of the class.
        public var name: String
        /// Number of objects that are not ignored.
        public var objects: Int
        /// Average precision, mean over IoU 0.50 to 0.95; nil without objects.
        public var averagePrecision: Double?
        /// Average precision at IoU 0.50.
        public var averagePrecision50: Double?
        /// Precision at IoU 0.50 by recall: 101 values for recall 0, 0.01, … 1.
        public var precisions50: [Double]
    }

    /// One box of a displayed image.
    public struct DrawnBox: Hashable, Sendable, Codable {
        /// Index of the class.
        public var classIndex: Int
        /// Score; nil for an annotated object.
        public var score: Float?
        /// Left, top, width, height in pixels of the stored image.
        public var box: [Float]
    }

    /// A displayed image with many errors.
    public struct WorstImage: Hashable, Sendable, Codable {
        /// Index into the store of held-out images.
        public var stored: Int
        /// Missed objects, objects of a wrong class, and detections without an object.
        public var errors: Int
        /// Annotated objects and detections.
        public var boxes: [DrawnBox]
    }

    /// Epochs before the evaluation.
    public var epoch = 0.0
    /// Number of evaluated images.
    public var images: Int
    /// Average precision, mean over IoU 0.50 to 0.95 and classes.
    public var averagePrecision: Double?
    /// Average precision at IoU 0.50.
    public var averagePrecision50: Double?
    /// Average precision of small (area below 32² pixels), medium (to 96²) and large objects.
    public var averagePrecisionBySize: [Double?]
    /// Figures of each class.
    public var classes: [ClassFigures]
    /// Minimum score of detections in ``confusion`` and ``worst``.
    public var score: Float
    /// Confusion matrix by class of the object, then of the detection; the last row and column stand for none.
    public var confusion: [[Int]]
    /// Images with the most errors, in descending order.
    public var worst: [WorstImage]

    /// Computes the figures from objects and detections.
    ///
    /// - Parameters:
    ///   - images: Objects and detections of each image.
    ///   - stored: Index of each image in its store.
    ///   - classes: Names of the classes.
    ///   - score: Minimum score of detections in the confusion matrix and among errors.
    ///   - worstCount: Maximum number of images in ``worst``.
    public init(
        _ images: [AnnotatedImage], stored: [Int], classes: [String], score: Float = 0.3,
        worstCount: Int = 12
    ) {
        let metrics = DetectionMetrics(images: images, classCount: classes.count)
        self.images = images.count
        self.score = score
        averagePrecision = metrics.averagePrecision
        averagePrecision50 = metrics.averagePrecision50
        averagePrecisionBySize = [
            metrics.averagePrecisionSmall, metrics.averagePrecisionMedium,
            metrics.averagePrecisionLarge,
        ]
        let objects = images.flatMap(\.truths).filter { !$0.isCrowd }
        self.classes = zip(classes, metrics.classes).enumerated().map { index, pair in
            ClassFigures(
                name: pair.0, objects: objects.count { $0.classIndex == index },
                averagePrecision: pair.1.averagePrecision,
                averagePrecision50: pair.1.averagePrecision50,
                precisions50: pair.1.precisions50)
        }
        confusion =
            ConfusionMatrix(images: images, classCount: classes.count, score: score).counts
        worst = zip(images, stored).map { WorstImage($0, stored: $1, score, classes.count) }
            .sorted { ($1.errors, $0.stored) < ($0.errors, $1.stored) }
            .prefix(worstCount).filter { $0.errors > 0 }
    }
}

extension EvaluationRecord.WorstImage {
    fileprivate init(_ image: AnnotatedImage, stored: Int, _ score: Float, _ classCount: Int) {
        var image = image
        image.detections.removeAll { !($0.score >= score) }
        self.stored = stored
        let counts = ConfusionMatrix(
            images: [image], classCount: classCount, score: score
        ).counts
        let missed = counts.dropLast().reduce(0) { $0 + $1[classCount] }
        let confused = counts.dropLast().enumerated().reduce(0) { sum, row in
            sum
                + row.element.dropLast().enumerated().reduce(0) {
                    $0 + ($1.offset == row.offset ? 0 : $1.element)
                }
        }
        errors = missed + confused + counts[classCount].reduce(0, +)
        boxes =
            image.truths.filter { !$0.isCrowd }.map {
                EvaluationRecord.DrawnBox($0.classIndex, nil, $0.box)
            }
            + image.detections.map { EvaluationRecord.DrawnBox($0.classIndex, $0.score, $0.box) }
    }
}

extension EvaluationRecord.DrawnBox {
    fileprivate init(_ classIndex: Int, _ score: Float?, _ box: Box) {
        self.classIndex = classIndex
        self.score = score
        self.box = [box.x, box.y, box.width, box.height]
    }
}
