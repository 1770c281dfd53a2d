public import Scene

/// Any boxes, all choices equally likely: what the others are measured against.
public struct RandomMiner: HardExampleMiner {
    /// Boxes that are chosen.
    public var count: Int

    /// A miner of so many boxes.
    public init(count: Int) { self.count = count }

    /// Chooses boxes at random.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        random.chosen(count, of: losses.indices.filter { losses[$0].total.isFinite })
    }
}

/// Online hard example mining, OHEM (Shrivastava, Gupta, Girshick, 2016): the boxes of greatest loss.
public struct OnlineMiner: HardExampleMiner {
    /// Boxes that are chosen.
    public var count: Int
    /// Overlap above which the lesser of two losses is left out first (0.7 in the paper); nil leaves none out.
    public var overlap: Float?

    /// A miner of so many boxes.
    public init(count: Int, overlap: Float? = nil) {
        self.count = count
        self.overlap = overlap
    }

    /// Chooses the boxes of greatest loss.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        guard let overlap else { return LossOrder.sorted(losses).prefix(count).sorted() }
        return LossOrder.suppressed(losses, boxes, overlap: overlap, limit: count).sorted()
    }
}

/// Loss rank mining, LRM (Yu et al., 2018): the loss of every element of a final map, thinned out where predicted boxes
/// overlap, and the greatest of the rest.
///
/// The paper leaves the number of elements and the overlap open to us: 0.7, and a number to be found by trial.
public struct RankMiner: HardExampleMiner {
    /// Elements that are chosen in a picture.
    public var count: Int
    /// Overlap of predicted boxes above which the lesser of two losses is left out.
    public var overlap: Float

    /// A miner of so many elements.
    public init(count: Int, overlap: Float = 0.7) {
        self.count = count
        self.overlap = overlap
    }

    /// Chooses the elements of greatest loss whose predicted boxes differ.
    public func choose(
        _ losses: [BoxLoss], _ boxes: [Box], progress: Double, random: inout RandomStream
    ) -> [Int] {
        LossOrder.suppressed(losses, boxes, overlap: overlap, limit: count).sorted()
    }
}
