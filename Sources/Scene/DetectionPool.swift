/// Detections of one frame prepared for association: valid, clipped to the frame, without duplicates,
/// best score first.
struct DetectionPool: Sendable {
    private let lowScore: Float
    private let limit: Int
    private let duplicateOverlap: Float
    /// Group index of each class; -1 for a class in no group.
    private var groupOfClass: [Int] = []
    private let groupCount: Int

    private var queue = ScoreQueue()
    private var blocks = BoxBlocks()
    private var detections: [Detection] = []

    init(options: TrackerOptions) {
        lowScore = max(options.lowScore, 0)
        limit = options.detectionLimit
        duplicateOverlap = options.duplicateOverlap
        groupCount = options.classGroups.count
        for (group, classes) in options.classGroups.enumerated().reversed() {
            for index in classes {
                precondition(index >= 0, "a class is an index into the model's list")
                while groupOfClass.count <= index { groupOfClass.append(-1) }
                groupOfClass[index] = group
            }
        }
        detections.reserveCapacity(limit)
        queue.reserveCapacity(limit)
        blocks.reserveCapacity(limit)
    }

    var count: Int { detections.count }

    subscript(index: Int) -> Detection { detections[index] }

    /// Group index in which a class associates; a class in no group gets its own index.
    func group(of classIndex: Int) -> Int {
        guard classIndex < groupOfClass.count, groupOfClass[classIndex] >= 0 else {
            return groupCount + classIndex
        }
        return groupOfClass[classIndex]
    }

    mutating func fill(from source: [Detection], frame: Box) {
        queue.removeAll()
        for index in source.indices where Self.isValid(source[index], in: frame) {
            guard source[index].score >= lowScore else { continue }
            queue.append(score: source[index].score, index: index)
        }
        queue.build()
        blocks.removeAll()
        detections.removeAll(keepingCapacity: true)
        while detections.count < limit, let index = queue.pop() {
            var detection = source[index]
            detection.score = min(detection.score, 1)
            detection.box = detection.box.intersection(frame)
            let group = group(of: detection.classIndex)
            guard !blocks.anyOverlaps(detection.box, group: group, by: duplicateOverlap) else {
                continue
            }
            blocks.append(detection.box, group: group)
            detections.append(detection)
        }
    }

    /// True when class, score and box are valid and at least one pixel of the box is inside the frame.
    private static func isValid(_ detection: Detection, in frame: Box) -> Bool {
        guard (0...0xFFFF).contains(detection.classIndex), detection.score > 0,
            detection.score.isFinite, detection.box.isFinite,
            detection.box.width > 0, detection.box.height > 0
        else { return false }
        let visible = detection.box.intersection(frame)
        return visible.width >= 1 && visible.height >= 1
    }
}
