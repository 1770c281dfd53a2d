private import Glibc

/// Thins out claims about the same object: hard suppression, or the two soft ones.
///
/// Hard: a claim goes when it overlaps a better one by more than `overlap` (Girshick et al., 2014).
/// Soft: it stays with a lower score (Bodla et al., 2017). Ties in score go to the lower index, and
/// claims with a score that is not a number or with a box that is not finite are refused. A value
/// of this type owns its working storage: reuse it, and the steady state allocates nothing.
public struct Suppression: Sendable {
    /// What happens to a claim that overlaps a better one.
    public enum Rule: Hashable, Sendable {
        /// It goes when the overlap is greater than the threshold.
        case hard
        /// Its score is multiplied by (1 − overlap) when the overlap is greater than the threshold.
        case linear
        /// Its score is multiplied by exp(−overlap² / sigma), whatever the threshold; 0.5 is usual.
        case gaussian(sigma: Float)
    }

    /// What happens to a claim that overlaps a better one.
    public var rule: Rule
    /// Intersection over union above which two claims mean the same object, 0 to 1.
    public var overlap: Float
    /// Claims must score more than this, before suppression and after it.
    public var minimumScore: Float
    /// How many of the best claims are looked at; the rest is dropped unseen.
    public var candidateLimit: Int
    /// How many claims are kept at most.
    public var limit: Int
    /// True: only claims of the same class suppress each other.
    public var isPerClass: Bool

    private var queue = ScoreQueue()
    private var kept = BoxBlocks()
    private var survivors: [Detection] = []

    /// A rule with its thresholds and empty working storage.
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

    /// Keeps what survives, best score first, in the same array.
    ///
    /// The work depends on how many claims score above the minimum, not on how many there are
    /// beyond one look at each.
    public mutating func apply(to detections: inout [Detection]) {
        fillQueue(from: detections)
        survivors.removeAll(keepingCapacity: true)
        switch rule {
        case .hard: keepClear(of: detections)
        case .linear, .gaussian: keepDecayed(from: detections)
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

    private mutating func keepClear(of detections: [Detection]) {
        kept.removeAll()
        var seen = 0
        while survivors.count < limit, seen < candidateLimit, let index = queue.pop() {
            seen += 1
            let candidate = detections[index]
            let group = isPerClass ? candidate.classIndex : 0
            guard !kept.anyOverlaps(candidate.box, group: group, by: overlap) else { continue }
            kept.append(candidate.box, group: group)
            survivors.append(candidate)
        }
    }

    private mutating func keepDecayed(from detections: [Detection]) {
        var seen = 0
        while seen < candidateLimit, let index = queue.pop() {
            seen += 1
            survivors.append(detections[index])
        }
        var done = 0
        while done < min(limit, survivors.count) {
            bringBestForward(to: done)
            decay(after: done)
            done += 1
        }
        survivors.removeLast(survivors.count - done)
    }

    /// Moves the best score among the undecided to `place`; the others keep their order.
    private mutating func bringBestForward(to place: Int) {
        var best = place
        for index in survivors.indices.dropFirst(place + 1)
        where survivors[index].score > survivors[best].score {
            best = index
        }
        let detection = survivors[best]
        for index in stride(from: best, to: place, by: -1) {
            survivors[index] = survivors[index - 1]
        }
        survivors[place] = detection
    }

    /// Lowers the scores of the undecided by what they share with the one at `place`.
    private mutating func decay(after place: Int) {
        let winner = survivors[place]
        var end = place + 1
        for index in survivors.indices.dropFirst(place + 1) {
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

    private func factor(_ shared: Float) -> Float {
        switch rule {
        case .hard: shared > overlap ? 0 : 1
        case .linear: shared > overlap ? 1 - shared : 1
        case .gaussian(let sigma): expf(-shared * shared / sigma)
        }
    }
}

extension Box {
    /// True when no part of it is infinite or not a number.
    var isFinite: Bool { x.isFinite && y.isFinite && width.isFinite && height.isFinite }
}
