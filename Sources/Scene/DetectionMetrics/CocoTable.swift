/// Which objects count, by area in square pixels; both ends belong to the range.
enum CocoRange: Int, CaseIterable {
    case all, small, medium, large

    var least: Double { [0, 0, 1024, 9216][rawValue] }
    var greatest: Double { [1e10, 1024, 9216, 1e10][rawValue] }

    func contains(_ area: Double) -> Bool { area >= least && area <= greatest }
}

/// Precision and recall of one class for every area range and number of detections.
struct CocoTable {
    static let limits = [1, 10, 100]
    /// 0.50, 0.55, … 0.95, rounded as `numpy.linspace` rounds.
    static let thresholds: [Double] = (0..<10).map { step in
        let spacing: Double = (0.95 - 0.5) / 9
        return step == 9 ? 0.95 : 0.5 + Double(step) * spacing
    }
    /// Position of overlap 0.50.
    static let half = 0
    /// Position of overlap 0.75.
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
    /// Mean precision over the 101 recalls; empty when nothing was to be found.
    private var precisions: [Double] = []
    /// Greatest recall; empty when nothing was to be found.
    private(set) var recalls: [Double] = []

    init(matches: [CocoMatches], limit: Int) {
        let wanted = matches.reduce(0) { $0 + $1.wanted }
        guard wanted > 0 else { return }
        let order = Self.order(matches, limit: limit)
        for threshold in CocoTable.thresholds.indices {
            var curve = PrecisionCurve(wanted: wanted)
            for place in order {
                switch matches[place.image].outcomes[threshold][place.detection] {
                case .hit: curve.append(isHit: true)
                case .miss: curve.append(isHit: false)
                case .ignored: curve.repeatLast()
                }
            }
            recalls.append(curve.greatestRecall)
            precisions.append(curve.precision101)
        }
    }

    func precisions(at threshold: Int?) -> [Double] {
        guard let threshold else { return precisions }
        return precisions.isEmpty ? [] : [precisions[threshold]]
    }

    private struct Place {
        var image: Int
        var detection: Int
        var score: Float
    }

    /// All detections, best score first; equal scores by image and then by place within the image.
    private static func order(_ matches: [CocoMatches], limit: Int) -> [Place] {
        var places: [Place] = []
        for (image, match) in matches.enumerated() {
            for (detection, score) in match.scores.prefix(limit).enumerated() {
                places.append(Place(image: image, detection: detection, score: score))
            }
        }
        return places.sorted {
            ($1.score, $0.image, $0.detection) < ($0.score, $1.image, $1.detection)
        }
    }
}
