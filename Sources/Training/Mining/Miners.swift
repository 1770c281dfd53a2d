public import Scene

/// Random selection with equal probabilities, the baseline of hard example mining.
public struct RandomMiner: HardExampleMiner {
    /// Number of selected boxes.
    public var count: Int

    /// Creates a miner of `count` boxes.
    public init(count: Int) { self.count = count }

    /// Selects boxes at random.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        random.chosen(count, of: losses.indices.filter { losses[$0].total.isFinite })
    }
}

/// Online hard example mining, OHEM (Shrivastava, Gupta, Girshick, 2016): selects the boxes of highest loss.
public struct OnlineMiner: HardExampleMiner {
    /// Number of selected boxes.
    public var count: Int
    /// IoU above which non-maximum suppression drops the lower loss first (0.7 in the paper); nil for no suppression.
    public var overlap: Float?

    /// Creates a miner of `count` boxes.
    public init(count: Int, overlap: Float? = nil) {
        self.count = count
        self.overlap = overlap
    }

    /// Selects the boxes of highest loss.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        guard let overlap else { return LossOrder.sorted(losses).prefix(count).sorted() }
        return LossOrder.suppressed(losses, boxes, overlap: overlap, limit: count).sorted()
    }
}

/// Loss rank mining, LRM (Yu et al., 2018): applies non-maximum suppression by loss to all elements of a final map and
/// selects those of highest loss.
///
/// The paper gives neither the number of elements nor the IoU; the default IoU here is 0.7.
public struct RankMiner: HardExampleMiner {
    /// Number of selected elements per image.
    public var count: Int
    /// IoU of predicted boxes above which the lower loss is dropped.
    public var overlap: Float

    /// Creates a miner of `count` elements.
    public init(count: Int, overlap: Float = 0.7) {
        self.count = count
        self.overlap = overlap
    }

    /// Selects the elements of highest loss with different predicted boxes.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        LossOrder.suppressed(losses, boxes, overlap: overlap, limit: count).sorted()
    }
}
