import Glibc
import Scene

/// Turns the head's numbers into detections in pixels of the input: class probabilities, boxes, suppression.
///
/// Everything is allocated at the start.
struct Postprocess: Sendable {
    private let classes: Int
    private let backgroundFirst: Bool
    private let isAgnostic: Bool
    private let code: BoxCode
    private let bounds: Box
    private let minimumScore: Float
    private let isWanted: [Bool]
    private var suppression: Suppression
    /// A class whose logit lies further than this below the greatest cannot score enough.
    private let reach: Float
    private var exponentials: [Float]

    /// What is needed to know of a model, its input size in pixels, and what is asked for.
    init(_ description: ModelDescription, width: Int, height: Int, options: DetectorOptions) {
        classes = description.classes.count
        backgroundFirst = description.head.background == .first
        isAgnostic = description.head.boxes == .classAgnostic
        let deviations = description.head.deviations
        code = BoxCode(
            deviations: SIMD4(deviations[0], deviations[1], deviations[2], deviations[3]),
            limit: description.deltaLimit)
        bounds = Box(x: 0, y: 0, width: Float(width), height: Float(height))
        let minimum = options.minimumScore ?? description.suppression.score
        minimumScore = minimum
        // The score is at most e^(logit − greatest); a little is left for rounding.
        reach = minimum > 0 ? 1e-3 - logf(minimum) : .infinity
        isWanted = (0..<classes).map { options.classes?.contains($0) ?? true }
        suppression = Suppression(description.suppression, minimumScore: minimum)
        exponentials = Array(repeating: 0, count: classes + 1)
    }

    /// Writes what is seen, best first.
    mutating func find(
        regions: [Detection], classes logits: Span<Float>, _ logitLayout: NumberLayout,
        deltas: Span<Float>, _ deltaLayout: NumberLayout, into detections: inout [Detection]
    ) {
        detections.removeAll(keepingCapacity: true)
        for (row, region) in regions.enumerated() {
            guard let sum = exponentiate(logits, logitLayout, row: row) else { continue }
            for index in 0..<classes where isWanted[index] {
                let score = exponentials[backgroundFirst ? index + 1 : index] / sum
                guard score > minimumScore else { continue }
                let start = deltaLayout.index(channel: isAgnostic ? 0 : 4 * index, cell: row)
                let box = code.decode(
                    deltas.four(from: start, by: deltaLayout.channelStride),
                    relativeTo: region.box
                ).intersection(bounds)
                guard box.width > 0, box.height > 0 else { continue }
                detections.append(Detection(classIndex: index, score: score, box: box))
            }
        }
        suppression.apply(to: &detections)
    }

    /// Fills ``exponentials`` with one region's, relative to the greatest; returns their sum.
    ///
    /// Nil where no class that is looked for can score enough: most regions, at the cost of a comparison a class.
    private mutating func exponentiate(
        _ logits: Span<Float>, _ layout: NumberLayout, row: Int
    ) -> Float? {
        var greatest = -Float.infinity
        for channel in exponentials.indices {
            let logit = logits[layout.index(channel: channel, cell: row)]
            exponentials[channel] = logit
            greatest = max(greatest, logit)
        }
        let first = backgroundFirst ? 1 : 0
        let least = greatest - reach
        guard (0..<classes).contains(where: { isWanted[$0] && exponentials[first + $0] >= least })
        else { return nil }
        var sum: Float = 0
        for channel in exponentials.indices {
            let value = expf(exponentials[channel] - greatest)
            exponentials[channel] = value
            sum += value
        }
        return sum
    }
}

extension Suppression {
    fileprivate init(_ rule: ModelDescription.SuppressionRule, minimumScore: Float) {
        let kind: Rule =
            switch rule.kind {
            case .hard: .hard
            case .linear: .linear
            case .gaussian: .gaussian(sigma: rule.sigma)
            }
        self.init(
            rule: kind, overlap: rule.overlap, minimumScore: minimumScore, limit: rule.limit)
    }
}
