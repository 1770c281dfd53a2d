import Glibc
import Scene

/// Converts the head's outputs to detections in input pixels: softmax, box decoding, suppression.
///
/// Allocates only in `init`.
struct Postprocess: Sendable {
    private let classes: Int
    private let backgroundFirst: Bool
    private let isAgnostic: Bool
    private let coder: BoxCoder
    private let bounds: Box
    private let minimumScore: Float
    private let isWanted: [Bool]
    private var suppression: Suppression
    /// Distance below the greatest logit from which on a class cannot reach the minimum score.
    private let reach: Float
    private var exponentials: [Float]

    /// Creates the stage for a model, an input size in pixels, and options.
    init(_ description: ModelDescription, width: Int, height: Int, options: DetectorOptions) {
        classes = description.classes.count
        backgroundFirst = description.head.background == .first
        isAgnostic = description.head.boxes == .classAgnostic
        let deviations = description.head.deviations
        coder = BoxCoder(
            deviations: SIMD4(deviations[0], deviations[1], deviations[2], deviations[3]),
            limit: description.deltaLimit)
        bounds = Box(x: 0, y: 0, width: Float(width), height: Float(height))
        let minimum = options.minimumScore ?? description.suppression.score
        minimumScore = minimum
        // The score is at most e^(logit − greatest); a margin allows for rounding.
        reach = minimum > 0 ? 1e-3 - logf(minimum) : .infinity
        isWanted = (0..<classes).map { options.classes?.contains($0) ?? true }
        suppression = Suppression(description.suppression, minimumScore: minimum)
        exponentials = Array(repeating: 0, count: classes + 1)
    }

    /// Replaces `detections` by the detections found, best first.
    mutating func find(
        regions: [Detection], classes logits: Span<Float>, _ logitLayout: OutputLayout,
        deltas: Span<Float>, _ deltaLayout: OutputLayout, into detections: inout [Detection]
    ) {
        detections.removeAll(keepingCapacity: true)
        for (row, region) in regions.enumerated() {
            guard let sum = exponentiate(logits, logitLayout, row: row) else { continue }
            for index in 0..<classes where isWanted[index] {
                let score = exponentials[backgroundFirst ? index + 1 : index] / sum
                guard score > minimumScore else { continue }
                let start = deltaLayout.index(channel: isAgnostic ? 0 : 4 * index, cell: row)
                let box = coder.decode(
                    deltas.four(from: start, by: deltaLayout.channelStride),
                    relativeTo: region.box
                ).intersection(bounds)
                guard box.width > 0, box.height > 0 else { continue }
                detections.append(Detection(classIndex: index, score: score, box: box))
            }
        }
        suppression.apply(to: &detections)
    }

    /// Fills ``exponentials`` for one region, relative to the greatest logit, and returns their sum.
    ///
    /// Nil where no wanted class can reach the minimum score: most regions, at the cost of one comparison per class.
    private mutating func exponentiate(
        _ logits: Span<Float>, _ layout: OutputLayout, row: Int
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

/// Layout of an engine's output: a map, or rows of values.
package struct OutputLayout: Hashable, Sendable {
    /// Index of the first value.
    package var origin = 0
    /// Distance between the channels of a cell.
    package var channelStride: Int
    /// Distance between cells in raster order.
    package var cellStride: Int

    /// Creates a layout by its steps.
    package init(origin: Int = 0, channelStride: Int, cellStride: Int) {
        self.origin = origin
        self.channelStride = channelStride
        self.cellStride = cellStride
    }

    /// Index of a channel of a cell.
    func index(channel: Int, cell: Int) -> Int {
        origin + channel * channelStride + cell * cellStride
    }
}

extension Span<Float> {
    /// Four values at equal distances.
    func four(from start: Int, by step: Int) -> SIMD4<Float> {
        SIMD4(self[start], self[start + step], self[start + 2 * step], self[start + 3 * step])
    }
}
