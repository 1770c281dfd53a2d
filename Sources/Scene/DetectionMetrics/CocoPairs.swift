/// Ground truth and detections of one class in one image, with their overlaps.
struct CocoPairs {
    let truths: [AnnotatedObject]
    /// Detections, best score first, at most 100.
    let detections: [Detection]
    /// Overlaps by detection, then by ground-truth object.
    private let overlaps: [[Double]]

    init(_ image: AnnotatedImage, classIndex: Int) {
        let truths = image.truths.filter { $0.classIndex == classIndex }
        let candidates = image.detections.filter { $0.classIndex == classIndex && !$0.score.isNaN }
        let detections = candidates.sortedByScore().prefix(100)
        self.truths = truths
        self.detections = Array(detections)
        overlaps = detections.map { detection in truths.map { overlap(detection.box, $0) } }
    }

    /// Matches detections greedily, best score first, at each threshold.
    func matches(range: CocoRange) -> CocoMatches {
        let isIgnored = truths.map { $0.isCrowd || !range.contains($0.area) }
        let order =
            truths.indices.filter { !isIgnored[$0] } + truths.indices.filter { isIgnored[$0] }
        let outcomes = CocoTable.thresholds.map {
            self.outcomes(threshold: $0, order: order, isIgnored: isIgnored, range: range)
        }
        return CocoMatches(
            scores: detections.map(\.score), outcomes: outcomes,
            truthCount: isIgnored.count { !$0 })
    }

    private func outcomes(
        threshold: Double, order: [Int], isIgnored: [Bool], range: CocoRange
    ) -> [CocoOutcome] {
        var isTaken = truths.map { _ in false }
        return detections.indices.map { detection in
            let best = bestTruth(
                for: detection, threshold: threshold, order: order, isIgnored: isIgnored,
                isTaken: isTaken)
            guard let best else {
                let box = detections[detection].box
                let area = Double(box.width) * Double(box.height)
                return range.contains(area) ? .miss : .ignored
            }
            isTaken[best] = true
            return isIgnored[best] ? .ignored : .hit
        }
    }

    /// Unmatched object with the greatest overlap, the later one at a tie; an ignored one only when no other fits.
    private func bestTruth(
        for detection: Int, threshold: Double, order: [Int], isIgnored: [Bool], isTaken: [Bool]
    ) -> Int? {
        var best: Int?
        var maximum = min(threshold, 1 - 1e-10)
        for truth in order where !isTaken[truth] || truths[truth].isCrowd {
            if let best, !isIgnored[best], isIgnored[truth] { break }
            guard overlaps[detection][truth] >= maximum else { continue }
            maximum = overlaps[detection][truth]
            best = truth
        }
        return best
    }
}

/// Match results of one class in one image.
struct CocoMatches {
    /// Scores of the detections, best first.
    var scores: [Float]
    /// Outcomes by threshold, then by detection.
    var outcomes: [[CocoOutcome]]
    /// Number of ground-truth objects that count.
    var truthCount: Int
}

/// Match result of one detection.
enum CocoOutcome {
    case hit, miss, ignored
}

/// Intersection over union; for a crowd, intersection over the area of the detection.
private func overlap(_ box: Box, _ truth: AnnotatedObject) -> Double {
    let detected = DoubleBox(box)
    let known = DoubleBox(truth.box)
    let common = detected.common(with: known)
    guard common > 0 else { return 0 }
    return common / (truth.isCrowd ? detected.area : detected.area + known.area - common)
}

/// Box in double precision, so that overlaps equal those of the reference tools to the last digits.
struct DoubleBox {
    private let x: Double
    private let y: Double
    private let width: Double
    private let height: Double

    init(_ box: Box) {
        x = Double(box.x)
        y = Double(box.y)
        width = Double(box.width)
        height = Double(box.height)
    }

    var area: Double { width * height }

    func common(with other: DoubleBox) -> Double {
        let across = min(x + width, other.x + other.width) - max(x, other.x)
        let down = min(y + height, other.y + other.height) - max(y, other.y)
        return across > 0 && down > 0 ? across * down : 0
    }

    /// Intersection over union, 0 to 1.
    func overlap(_ other: DoubleBox) -> Double {
        let common = common(with: other)
        return common > 0 ? common / (area + other.area - common) : 0
    }
}

extension [Detection] {
    /// Stable sort by descending score.
    func sortedByScore() -> [Detection] {
        enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element)
    }
}
