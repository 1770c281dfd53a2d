/// Average precision of one detector on resampled sets of images, for confidence intervals (bootstrap).
///
/// Detections are matched once; a resample only changes how often each image counts. With every image once the values
/// equal those of ``DetectionMetrics``.
public struct ResampledPrecision: Sendable {
    /// Figures of one resample; nil without ground truth.
    public struct Figures: Hashable, Sendable {
        /// Mean over IoU 0.50 to 0.95 and classes.
        public var averagePrecision: Double?
        /// At IoU 0.50.
        public var averagePrecision50: Double?
    }

    private let classes: [RankedClass]

    /// Matches the detections of all images.
    public init(images: [AnnotatedImage], classCount: Int) {
        classes = (0..<classCount).map { RankedClass(images, classIndex: $0) }
    }

    /// The figures when each image counts so many times.
    ///
    /// - Parameter counts: One count per image, 0 or more.
    /// - Returns: AP and AP50, 0 to 1.
    public func figures(counts: [Int]) -> Figures {
        let rows = classes.compactMap { $0.precisions(counts) }
        return Figures(
            averagePrecision: mean(rows.flatMap { $0 }),
            averagePrecision50: mean(rows.map { $0[CocoTable.half] }))
    }
}

/// All detections of one class, best score first, with their outcomes at each threshold.
private struct RankedClass {
    private struct Entry {
        var image: Int32
        /// Bit t: a hit, or a false positive, at threshold t; neither bit for an ignored detection.
        var hits: UInt16 = 0
        var misses: UInt16 = 0
    }

    private var entries: [Entry] = []
    private var truthCounts: [Int] = []

    init(_ images: [AnnotatedImage], classIndex: Int) {
        var ranked: [(score: Float, entry: Entry)] = []
        for (index, image) in images.enumerated() {
            let matches = CocoPairs(image, classIndex: classIndex).matches(range: .all)
            truthCounts.append(matches.truthCount)
            for (place, score) in matches.scores.enumerated() {
                var entry = Entry(image: Int32(index))
                for threshold in CocoTable.thresholds.indices {
                    switch matches.outcomes[threshold][place] {
                    case .hit: entry.hits |= 1 << UInt16(threshold)
                    case .miss: entry.misses |= 1 << UInt16(threshold)
                    case .ignored: break
                    }
                }
                ranked.append((score, entry))
            }
        }
        entries = ranked.enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element.entry)
    }

    /// Average precision at each threshold; nil where no object counts.
    func precisions(_ counts: [Int]) -> [Double]? {
        let total = zip(truthCounts, counts).reduce(0) { $0 + $1.0 * $1.1 }
        guard total > 0 else { return nil }
        return CocoTable.thresholds.indices.map { threshold in
            var curve = PrecisionCurve(truthCount: total)
            let bit: UInt16 = 1 << UInt16(threshold)
            for entry in entries {
                for _ in 0..<counts[Int(entry.image)] {
                    if entry.hits & bit != 0 {
                        curve.append(isHit: true)
                    } else if entry.misses & bit != 0 {
                        curve.append(isHit: false)
                    }
                }
            }
            let points = curve.points101
            return points.reduce(0, +) / Double(points.count)
        }
    }
}
