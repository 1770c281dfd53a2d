private import Glibc

/// Non-maximum suppression (NMS): removes duplicate detections of the same object.
///
/// Hard: a detection is removed when it overlaps a better one by more than `overlap` (Girshick et al., 2014).
/// Soft: it is kept with a lower score (Soft-NMS: Bodla et al., 2017). Ties in score go to the lower index.
/// Detections with a non-finite score or box are removed. A value of this type owns its working storage:
/// reuse it, and the steady state allocates nothing.
public struct Suppression: Sendable {
    /// Rule for a detection that overlaps a better one.
    public enum Rule: Hashable, Sendable {
        /// Removed when the overlap is greater than the threshold.
        case hard
        /// Score multiplied by (1 − overlap) when the overlap is greater than the threshold.
        case linear
        /// Score multiplied by exp(−overlap² / sigma) at any overlap; 0.5 is usual.
        case gaussian(sigma: Float)
    }

    /// Rule for a detection that overlaps a better one.
    public var rule: Rule
    /// Intersection over union above which two detections are the same object, 0 to 1.
    public var overlap: Float
    /// Scores must be greater than this, before suppression and after it.
    public var minimumScore: Float
    /// Maximum number of candidates considered, best score first; the rest are dropped.
    public var candidateLimit: Int
    /// Maximum number of detections kept.
    public var limit: Int
    /// True when only detections of the same class suppress each other.
    public var isPerClass: Bool

    private var queue = ScoreQueue()
    private var kept = BoxBlocks()
    private var survivors: [Detection] = []

    /// Creates a suppression with empty working storage.
    public init(
        rule: Rule = .hard, overlap: Float, minimumScore: Float = 0, candidateLimit: Int = .max,
        limit: Int = .max, isPerClass: Bool = true
    ) {
        precondition(candidateLimit >= 0 && limit >= 0, "limits are counts")
        precondition(minimumScore >= 0, "scores are not negative")
        self.rule = rule
        self.overlap = overlap
        self.minimumScore = minimumScore
        self.candidateLimit = candidateLimit
        self.limit = limit
        self.isPerClass = isPerClass
    }

    /// Suppresses in place; the remaining detections are sorted by descending score.
    ///
    /// Detections below the minimum score cost one comparison each.
    public mutating func apply(to detections: inout [Detection]) {
        fillQueue(from: detections)
        survivors.removeAll(keepingCapacity: true)
        switch rule {
        case .hard: suppressHard(detections)
        case .linear, .gaussian: suppressSoft(detections)
        }
        detections.removeAll(keepingCapacity: true)
        detections.append(contentsOf: survivors)
    }

    private mutating func fillQueue(from detections: [Detection]) {
        queue.removeAll()
        for index in detections.indices {
            let score = detections[index].score
            guard score > minimumScore, score.isFinite, detections[index].box.isFinite else {
                continue
            }
            queue.append(score: score, index: index)
        }
        queue.build()
    }

    private mutating func suppressHard(_ detections: [Detection]) {
        kept.removeAll()
        var examined = 0
        while survivors.count < limit, examined < candidateLimit, let index = queue.pop() {
            examined += 1
            let candidate = detections[index]
            let group = isPerClass ? candidate.classIndex : 0
            guard !kept.anyOverlaps(candidate.box, group: group, by: overlap) else { continue }
            kept.append(candidate.box, group: group)
            survivors.append(candidate)
        }
    }

    private mutating func suppressSoft(_ detections: [Detection]) {
        var examined = 0
        while examined < candidateLimit, let index = queue.pop() {
            examined += 1
            survivors.append(detections[index])
        }
        var done = 0
        while done < min(limit, survivors.count) {
            moveBestForward(to: done)
            decay(after: done)
            done += 1
        }
        survivors.removeLast(survivors.count - done)
    }

    /// Moves the best score from `first` on to `first`; the others keep their order.
    private mutating func moveBestForward(to first: Int) {
        var best = first
        for index in survivors.indices.dropFirst(first + 1)
        where survivors[index].score > survivors[best].score {
            best = index
        }
        let detection = survivors[best]
        for index in stride(from: best, to: first, by: -1) {
            survivors[index] = survivors[index - 1]
        }
        survivors[first] = detection
    }

    /// Lowers the scores after `best` by their overlap with the detection at `best`.
    private mutating func decay(after best: Int) {
        let winner = survivors[best]
        var end = best + 1
        for index in survivors.indices.dropFirst(best + 1) {
            var detection = survivors[index]
            if !isPerClass || detection.classIndex == winner.classIndex {
                detection.score *= factor(winner.box.overlap(detection.box))
            }
            guard detection.score > minimumScore else { continue }
            survivors[end] = detection
            end += 1
        }
        survivors.removeLast(survivors.count - end)
    }

    private func factor(_ iou: Float) -> Float {
        switch rule {
        case .hard: iou > overlap ? 0 : 1
        case .linear: iou > overlap ? 1 - iou : 1
        case .gaussian(let sigma): expf(-iou * iou / sigma)
        }
    }
}

extension Box {
    /// True when all four numbers are finite.
    var isFinite: Bool { x.isFinite && y.isFinite && width.isFinite && height.isFinite }
}
