internal import Glibc
public import Scene

/// Stratified online hard example mining, S-OHEM (Li et al., 2017): the greatest losses of each stratum, where strata
/// are told by the ratio of class to box loss and their quotas move with training.
///
/// The paper's thresholds and schedule are not known to us; these are ours: ln(class / box) is cut at −1, 0 and 1, and
/// quotas go linearly from 4:3:2:1 to 1:2:3:4, those of class-heavy boxes first. A box without box loss (background)
/// is class-heavy. What a stratum cannot fill goes to the greatest losses that are left.
public struct StratifiedMiner: HardExampleMiner {
    /// Boxes that are chosen.
    public var count: Int
    /// Overlap above which the lesser of two losses is left out first; nil leaves none out.
    public var overlap: Float?
    /// Where ln(class / box) is cut, descending.
    public var cuts: [Float] = [1, 0, -1]
    /// Shares of the strata at the start, class-heavy first; one more than cuts.
    public var first: [Double] = [4, 3, 2, 1]
    /// Shares of the strata at the end.
    public var last: [Double] = [1, 2, 3, 4]

    /// A miner of so many boxes.
    public init(count: Int, overlap: Float? = nil) {
        self.count = count
        self.overlap = overlap
    }

    /// The stratum of a box, 0 for the most class-heavy.
    public func stratum(of loss: BoxLoss) -> Int {
        guard loss.localization > 0, loss.classification > 0 else {
            return loss.localization > loss.classification ? cuts.count : 0
        }
        let ratio = logf(loss.classification / loss.localization)
        return cuts.firstIndex { ratio >= $0 } ?? cuts.count
    }

    /// The number of boxes for each stratum: whole numbers that add up to ``count``.
    public func quotas(progress: Double) -> [Int] {
        let share = max(0, min(progress, 1))
        let weights = zip(first, last).map { $0 + ($1 - $0) * share }
        let sum = weights.reduce(0, +)
        let exact = weights.map { Double(count) * $0 / sum }
        var quotas = exact.map { Int($0.rounded(.down)) }
        // Largest remainders first, then by place.
        let order = exact.indices.sorted {
            (exact[$1] - Double(quotas[$1]), $0) < (exact[$0] - Double(quotas[$0]), $1)
        }
        for place in order.prefix(count - quotas.reduce(0, +)) { quotas[place] += 1 }
        return quotas
    }

    /// Chooses the greatest losses of each stratum.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        precondition(
            first.count == cuts.count + 1 && last.count == first.count, "a share a stratum")
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
