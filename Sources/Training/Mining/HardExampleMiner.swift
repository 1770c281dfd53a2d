public import Scene

/// Classification and localization losses of one box.
///
/// The box may come from any head: a second stage, a second refinement, or an element of a one-stage map.
public struct BoxLoss: Hashable, Sendable {
    /// Classification or objectness loss.
    public var classification: Float
    /// Localization loss; 0 for background.
    public var localization: Float

    /// Creates losses from their parts.
    public init(classification: Float, localization: Float) {
        self.classification = classification
        self.localization = localization
    }

    /// Sum of both losses.
    public var total: Float { classification + localization }
}

/// Hard example mining: selects the boxes whose losses are backpropagated.
public protocol HardExampleMiner: Sendable {
    /// Selects among the boxes of one image or of a whole batch.
    ///
    /// Boxes with a loss that is not finite are never selected.
    ///
    /// - Parameters:
    ///   - losses: Losses of each box.
    ///   - boxes: The boxes; miners that do not compare boxes accept an empty array.
    ///   - progress: Completed share of the run, 0 to 1.
    ///   - random: Random numbers of the purpose ``RandomPurpose/mining``.
    /// - Returns: Indices of the selected boxes, ascending.
    func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int]
}

/// Ranking of boxes by their losses.
enum LossOrder {
    /// Indices of finite losses in descending order, ties by index.
    static func sorted(_ losses: [BoxLoss]) -> [Int] {
        losses.indices.filter { losses[$0].total.isFinite }.sorted {
            (losses[$1].total, $0) < (losses[$0].total, $1)
        }
    }

    /// The same order after non-maximum suppression by the IoU `overlap`, at most `limit` indices.
    ///
    /// Without suppression, many boxes of the same object dominate the selection.
    static func suppressed(
        _ losses: [BoxLoss], _ boxes: [Box], overlap: Float, limit: Int
    ) -> [Int] {
        precondition(losses.count == boxes.count, "one box per loss")
        var candidates = losses.indices.map { index in
            // The class index carries the box's index; suppression ignores classes.
            Detection(classIndex: index, score: losses[index].total, box: boxes[index])
        }
        var suppression = Suppression(
            rule: .hard, overlap: overlap, limit: limit, isPerClass: false)
        suppression.apply(to: &candidates)
        return candidates.map(\.classIndex)
    }
}
