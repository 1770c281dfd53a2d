internal import Glibc
public import Scene

/// Stratified online hard example mining, S-OHEM (Li et al., 2017): selects the highest losses of each stratum.
///
/// Strata are defined by the ratio of classification to localization loss, and their quotas change during training.
///
/// Thresholds and schedule are this project's choice: ln(classification / localization) is split at −1, 0 and 1, and
/// quotas change linearly from 4:3:2:1 to 1:2:3:4, classification-dominated first. A box without localization loss
/// (background) belongs to the first stratum. Unfilled quotas go to the highest remaining losses.
public struct StratifiedMiner: HardExampleMiner {
    /// Number of selected boxes.
    public var count: Int
    /// IoU above which non-maximum suppression drops the lower loss first; nil for no suppression.
    public var overlap: Float?
    /// Thresholds of ln(classification / localization), descending.
    public var cuts: [Float] = [1, 0, -1]
    /// Quotas of the strata at the start, classification-dominated first; one more than ``cuts``.
    public var first: [Double] = [4, 3, 2, 1]
    /// Quotas of the strata at the end.
    public var last: [Double] = [1, 2, 3, 4]

    /// Creates a miner of `count` boxes.
    public init(count: Int, overlap: Float? = nil) {
        self.count = count
        self.overlap = overlap
    }

    /// Stratum of a box, 0 for the most classification-dominated.
    public func stratum(of loss: BoxLoss) -> Int {
        guard loss.localization > 0, loss.classification > 0 else {
            return loss.localization > loss.classification ? cuts.count : 0
        }
        let ratio = logf(loss.classification / loss.localization)
        return cuts.firstIndex { ratio >= $0 } ?? cuts.count
    }

    /// Number of boxes per stratum; the sum is ``count``.
    public func quotas(progress: Double) -> [Int] {
        let share = max(0, min(progress, 1))
        let weights = zip(first, last).map { $0 + ($1 - $0) * share }
        let sum = weights.reduce(0, +)
        let exact = weights.map { Double(count) * $0 / sum }
        var quotas = exact.map { Int($0.rounded(.down)) }
        // Largest remainder method, ties by index.
        let order = exact.indices.sorted {
            (exact[$1] - Double(quotas[$1]), $0) < (exact[$0] - Double(quotas[$0]), $1)
        }
        for place in order.prefix(count - quotas.reduce(0, +)) { quotas[place] += 1 }
        return quotas
    }

    /// Selects the highest losses of each stratum.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        precondition(
            first.count == cuts.count + 1 && last.count == first.count, "one quota per stratum")
        let order =
            overlap.map { LossOrder.suppressed(losses, boxes, overlap: $0, limit: losses.count) }
            ?? LossOrder.sorted(losses)
        var quotas = quotas(progress: progress)
        var chosen: [Int] = []
        var spare: [Int] = []
        for index in order {
            let stratum = stratum(of: losses[index])
            if quotas[stratum] > 0 {
                quotas[stratum] -= 1
                chosen.append(index)
            } else {
                spare.append(index)
            }
        }
        return (chosen + spare.prefix(quotas.reduce(0, +))).sorted()
    }
}
