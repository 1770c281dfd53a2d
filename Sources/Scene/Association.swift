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

    /// Group index in which a class associates; a class in no group gets an index of its own.
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

/// Matches of tracks and detections in one frame, with reused working storage.
struct Matcher: Sendable {
    private var detectionOfTrack: [Int] = []
    private var taken: [Bool] = []
    fileprivate var rows: [Int] = []
    fileprivate var columns: [Int] = []
    fileprivate var assignment = Assignment()

    init(trackLimit: Int, detectionLimit: Int) {
        detectionOfTrack.reserveCapacity(trackLimit)
        taken.reserveCapacity(detectionLimit)
        rows.reserveCapacity(trackLimit)
        columns.reserveCapacity(detectionLimit)
        assignment.reserveCapacity(rows: trackLimit, columns: detectionLimit)
    }

    mutating func begin(tracks: Int, detections: Int) {
        detectionOfTrack.fill(tracks, with: -1)
        taken.fill(detections, with: false)
    }

    func detection(ofTrack track: Int) -> Int? {
        detectionOfTrack[track] < 0 ? nil : detectionOfTrack[track]
    }

    func isTaken(_ detection: Int) -> Bool { taken[detection] }

    /// Records the pairs that the assignment found.
    fileprivate mutating func settle() {
        for row in rows.indices {
            guard let column = assignment.column(ofRow: row) else { continue }
            detectionOfTrack[rows[row]] = columns[column]
            taken[columns[column]] = true
        }
    }
}

/// One pass of the association.
private struct Pass {
    enum Tracks {
        case confirmed, justSeen, tentative
    }

    var tracks: Tracks
    /// True for detections of high score, false for all others.
    var isHigh: Bool
    /// True to compare with the last observed box instead of the predicted one.
    var usesLastBox = false
    var minimumOverlap: Double
}

extension Tracker {
    /// Matches tracks with detections in four passes, the most reliable kind of pair first.
    mutating func associate() {
        matcher.begin(tracks: tracks.count, detections: pool.count)
        let high = options.highOverlap
        run(Pass(tracks: .confirmed, isHigh: true, minimumOverlap: high))
        run(Pass(tracks: .justSeen, isHigh: false, minimumOverlap: options.lowOverlap))
        run(Pass(tracks: .confirmed, isHigh: true, usesLastBox: true, minimumOverlap: high))
        run(Pass(tracks: .tentative, isHigh: true, minimumOverlap: high))
    }

    private mutating func run(_ pass: Pass) {
        matcher.rows.removeAll(keepingCapacity: true)
        matcher.columns.removeAll(keepingCapacity: true)
        for index in tracks.indices
        where matcher.detection(ofTrack: index) == nil && takesPart(tracks[index], in: pass.tracks)
        {
            matcher.rows.append(index)
        }
        for index in 0..<pool.count
        where !matcher.isTaken(index) && (pool[index].score >= options.highScore) == pass.isHigh {
            matcher.columns.append(index)
        }
        guard !matcher.rows.isEmpty, !matcher.columns.isEmpty else { return }
        matcher.assignment.reset(rows: matcher.rows.count, columns: matcher.columns.count)
        for row in matcher.rows.indices { price(row: row, pass: pass) }
        matcher.assignment.solve(limit: 1)
        matcher.settle()
    }

    private func takesPart(_ track: Track, in kind: Pass.Tracks) -> Bool {
        switch kind {
        case .confirmed: track.isConfirmed
        case .justSeen: track.isConfirmed && !track.isMissed
        case .tentative: !track.isConfirmed
        }
    }

    /// Fills in the costs of one track: 1 − overlap, corrected for class, direction and uncertainty.
    private mutating func price(row: Int, pass: Pass) {
        let track = tracks[matcher.rows[row]]
        let group = pool.group(of: track.classIndex)
        let widening = pass.usesLastBox ? 0 : min(track.filter.spread, options.maximumWidening)
        let expected = (pass.usesLastBox ? track.lastBox : track.filter.box).widened(by: widening)
        for column in matcher.columns.indices {
            let detection = pool[matcher.columns[column]]
            guard pool.group(of: detection.classIndex) == group else { continue }
            let overlap = Double(expected.overlap(detection.box.widened(by: widening)))
            guard overlap >= pass.minimumOverlap else { continue }
            matcher.assignment[row, column] =
                cost(of: detection, for: track, overlap: overlap, widening: widening)
        }
    }

    /// Cost of a pair, 0 to 1: widened boxes are penalised so that the more certain track wins at equal overlap.
    private func cost(
        of detection: Detection, for track: Track, overlap: Double, widening: Double
    ) -> Double {
        var likeness = overlap * (1 - widening)
        if detection.classIndex != track.classIndex { likeness -= options.classPenalty }
        likeness +=
            options.directionWeight * Double(detection.score)
            * track.agreement(with: detection.box, age: options.directionTime)
        return 1 - max(likeness, 0.01)
    }
}

extension Box {
    /// The box grown by `share` of its width and height on each side.
    func widened(by share: Double) -> Box {
        let share = Float(share)
        return Box(
            x: x - share * width, y: y - share * height, width: width * (1 + 2 * share),
            height: height * (1 + 2 * share))
    }
}
