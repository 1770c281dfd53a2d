/// Area range of the objects that count, in square pixels; both ends belong to the range.
enum CocoRange: Int, CaseIterable {
    case all, small, medium, large

    var minimum: Double { [0, 0, 1024, 9216][rawValue] }
    var maximum: Double { [1e10, 1024, 9216, 1e10][rawValue] }

    func contains(_ area: Double) -> Bool { area >= minimum && area <= maximum }
}

/// Precision and recall of one class for every area range and number of detections.
struct CocoTable {
    static let limits = [1, 10, 100]
    /// Overlap thresholds 0.50, 0.55, … 0.95, rounded as `numpy.linspace` rounds.
    static let thresholds: [Double] = (0..<10).map { step in
        let spacing: Double = (0.95 - 0.5) / 9
        return step == 9 ? 0.95 : 0.5 + Double(step) * spacing
    }
    /// Index of threshold 0.50.
    static let half = 0
    /// Index of threshold 0.75.
    static let threeQuarters = 5

    private var cells: [CocoCell] = []

    init(images: [AnnotatedImage], classIndex: Int) {
        let pairs = images.map { CocoPairs($0, classIndex: classIndex) }
            .filter { !$0.truths.isEmpty || !$0.detections.isEmpty }
        for range in CocoRange.allCases {
            let matches = pairs.map { $0.matches(range: range) }
            cells += Self.limits.map { CocoCell(matches: matches, limit: $0) }
        }
    }

    subscript(range: CocoRange, limit: Int) -> CocoCell {
        let column = Self.limits.firstIndex(of: limit) ?? Self.limits.count - 1
        return cells[range.rawValue * Self.limits.count + column]
    }
}

/// Precision and recall of one class, one area range and one number of detections at each threshold.
struct CocoCell {
    /// Mean precision over the 101 recalls, by threshold; empty without ground truth.
    private var precisions: [Double] = []
    /// Maximum recall, by threshold; empty without ground truth.
    private(set) var recalls: [Double] = []
    /// Precision at 101 recalls at overlap 0.50; empty without ground truth.
    private(set) var points50: [Double] = []

    init(matches: [CocoMatches], limit: Int) {
        let truthCount = matches.reduce(0) { $0 + $1.truthCount }
        guard truthCount > 0 else { return }
        let order = Self.order(matches, limit: limit)
        for threshold in CocoTable.thresholds.indices {
            var curve = PrecisionCurve(truthCount: truthCount)
            for entry in order {
                switch matches[entry.image].outcomes[threshold][entry.detection] {
                case .hit: curve.append(isHit: true)
                case .miss: curve.append(isHit: false)
                case .ignored: curve.appendIgnored()
                }
            }
            recalls.append(curve.maximumRecall)
            let points = curve.points101
            if threshold == CocoTable.half { points50 = points }
            precisions.append(points.reduce(0, +) / Double(points.count))
        }
    }

    func precisions(at threshold: Int?) -> [Double] {
        guard let threshold else { return precisions }
        return precisions.isEmpty ? [] : [precisions[threshold]]
    }

    private struct RankedDetection {
        var image: Int
        var detection: Int
        var score: Float
    }

    /// All detections, best score first; ties by image, then by position within the image.
    private static func order(_ matches: [CocoMatches], limit: Int) -> [RankedDetection] {
        var ranked: [RankedDetection] = []
        for (image, match) in matches.enumerated() {
            for (detection, score) in match.scores.prefix(limit).enumerated() {
                ranked.append(RankedDetection(image: image, detection: detection, score: score))
            }
        }
        return ranked.sorted {
            ($1.score, $0.image, $0.detection) < ($0.score, $1.image, $1.detection)
        }
    }
}
