/// The detections of one frame as the tracker wants them: sound, clipped to the picture, without duplicates,
/// best score first.
struct DetectionPool: Sendable {
    private let lowScore: Float
    private let limit: Int
    private let duplicateOverlap: Float
    /// Group of each class that is named in a group; -1 for those that are not.
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

    subscript(place: Int) -> Detection { detections[place] }

    /// Number of the group in which a class associates.
    func group(of classIndex: Int) -> Int {
        guard classIndex < groupOfClass.count, groupOfClass[classIndex] >= 0 else {
            return groupCount + classIndex
        }
        return groupOfClass[classIndex]
    }

    mutating func fill(from source: [Detection], picture: Box) {
        queue.removeAll()
        for index in source.indices where Self.isSound(source[index], in: picture) {
            guard source[index].score >= lowScore else { continue }
            queue.append(score: source[index].score, index: index)
        }
        queue.build()
        blocks.removeAll()
        detections.removeAll(keepingCapacity: true)
        while detections.count < limit, let index = queue.pop() {
            var detection = source[index]
            detection.score = min(detection.score, 1)
            detection.box = detection.box.intersection(picture)
            let group = group(of: detection.classIndex)
            guard !blocks.anyOverlaps(detection.box, group: group, by: duplicateOverlap) else {
                continue
            }
            blocks.append(detection.box, group: group)
            detections.append(detection)
        }
    }

    /// True when class, score and box mean something and a pixel's worth of the box lies in the picture.
    private static func isSound(_ detection: Detection, in picture: Box) -> Bool {
        guard (0...0xFFFF).contains(detection.classIndex), detection.score > 0,
            detection.score.isFinite, detection.box.isFinite,
            detection.box.width > 0, detection.box.height > 0
        else { return false }
        let visible = detection.box.intersection(picture)
        return visible.width >= 1 && visible.height >= 1
    }
}
