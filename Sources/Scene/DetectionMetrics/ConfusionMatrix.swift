/// Counts of detections by the class of the object and the class of the detection, at one score.
///
/// Detections are matched greedily, best score first, with the object of any class that they overlap most, from an IoU
/// of 0.50 on. Those that lie in a crowd or difficult object are left out.
public struct ConfusionMatrix: Hashable, Sendable {
    /// Counts by the class of the object, then by the class of the detection.
    ///
    /// The last row counts detections without
    /// an object, the last column objects without a detection.
    public private(set) var counts: [[Int]]
    private static let minimumOverlap = 0.5

    /// Counts the detections of some images whose score is at least `score`.
    public init(images: [AnnotatedImage], classCount: Int, score: Float) {
        let row = [Int](repeating: 0, count: classCount + 1)
        counts = [[Int]](repeating: row, count: classCount + 1)
        for image in images {
            let detections = image.detections.filter { $0.score >= score }.sortedByScore()
            add(image.truths, detections, none: classCount)
        }
    }

    private mutating func add(
        _ truths: [AnnotatedObject], _ detections: [Detection], none: Int
    ) {
        let objects = truths.filter { !$0.isCrowd }
        let crowds = truths.filter(\.isCrowd).map { DoubleBox($0.box) }
        let boxes = objects.map { DoubleBox($0.box) }
        var isFree = objects.map { _ in true }
        for detection in detections {
            let box = DoubleBox(detection.box)
            let overlaps = boxes.indices.filter { isFree[$0] }.map { ($0, box.overlap(boxes[$0])) }
            if let best = overlaps.max(by: { $0.1 < $1.1 }), best.1 >= Self.minimumOverlap {
                isFree[best.0] = false
                counts[objects[best.0].classIndex][detection.classIndex] += 1
            } else if !crowds.contains(where: { box.common(with: $0) >= 0.5 * box.area }) {
                counts[none][detection.classIndex] += 1
            }
        }
        for index in objects.indices where isFree[index] {
            counts[objects[index].classIndex][none] += 1
        }
    }
}
