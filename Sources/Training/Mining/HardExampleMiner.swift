public import Scene

/// The losses of one box: of its class, and of its place.
///
/// Those of any head: of a second stage, of a second refinement of its boxes, of an element of a one-stage map.
public struct BoxLoss: Hashable, Sendable {
    /// Loss of the class or of objectness.
    public var classification: Float
    /// Loss of the place; 0 for background, which has none.
    public var localization: Float

    /// Losses by their parts.
    public init(classification: Float, localization: Float) {
        self.classification = classification
        self.localization = localization
    }

    /// Both together.
    public var total: Float { classification + localization }
}

/// Chooses the boxes whose losses are propagated back.
public protocol HardExampleMiner: Sendable {
    /// Chooses among the boxes of one picture (or of a batch, where boxes of different pictures are told apart by
    /// nobody).
    ///
    /// A loss that is not finite is never chosen.
    ///
    /// - Parameters:
    ///   - losses: Losses of each box.
    ///   - boxes: Where each box is; miners that compare no boxes accept an empty array.
    ///   - progress: Share of the run that is done, 0 to 1.
    ///   - random: Numbers of the purpose ``RandomPurpose/mining``.
    /// - Returns: Indices of the chosen boxes, ascending.
    func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int]
}

/// Boxes in the order of their losses.
enum LossOrder {
    /// Indices of finite losses, greatest first; equal ones by index.
    static func sorted(_ losses: [BoxLoss]) -> [Int] {
        losses.indices.filter { losses[$0].total.isFinite }.sorted {
            (losses[$1].total, $0) < (losses[$0].total, $1)
        }
    }

    /// The same without boxes that overlap one of greater loss by more than `overlap`, at most `limit`.
    ///
    /// Without it, many boxes of one object that all explain the same loss would crowd out the others.
    static func suppressed(
        _ losses: [BoxLoss], _ boxes: [Box], overlap: Float, limit: Int
    ) -> [Int] {
        precondition(losses.count == boxes.count, "one box a loss")
        var candidates = losses.indices.map { index in
            // The class of a candidate carries its index; all suppress all.
            Detection(classIndex: index, score: losses[index].total, box: boxes[index])
        }
        var suppression = Suppression(
            rule: .hard, overlap: overlap, limit: limit, isPerClass: false)
        suppression.apply(to: &candidates)
        return candidates.map(\.classIndex)
    }
}
