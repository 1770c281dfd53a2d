public import Datasets

/// One batch of an epoch.
public struct Batch: Hashable, Sendable {
    /// Places in the epoch's order, by which augmentation draws.
    public var places: Range<Int>
    /// Indices into the set's pictures.
    public var pictures: [Int]
    /// Size of the inputs.
    public var extent: PictureExtent
}

/// The order of one epoch: which pictures in which batches in which size.
///
/// It follows from seed and epoch alone, so that a resumed run goes on where it stopped.
public struct EpochPlan: Sendable {
    /// The number of the epoch.
    public let epoch: Int
    /// Indices into the set's pictures in their order; some come several times, some not at all.
    public let order: [Int]
    private let seed: UInt64
    private let batchSize: Int
    private let extents: [PictureExtent]

    /// Draws an epoch.
    ///
    /// - Parameters:
    ///   - factors: How often each picture comes on average; what is not whole is drawn.
    ///   - epoch: Number of the epoch.
    ///   - seed: Seed of the run.
    ///   - batchSize: Pictures a batch; a last batch that is not full is left out.
    ///   - extents: Sizes of inputs, of which each batch draws one.
    public init(
        factors: [Double], epoch: Int, seed: UInt64, batchSize: Int, extents: [PictureExtent]
    ) {
        precondition(batchSize > 0 && !extents.isEmpty, "a batch has pictures of some size")
        self.epoch = epoch
        self.seed = seed
        self.batchSize = batchSize
        self.extents = extents
        var random = RandomStream(seed: seed, epoch: epoch, item: 0, purpose: .order)
        var drawn: [Int] = []
        for (index, factor) in factors.enumerated() {
            let whole = factor.rounded(.down)
            let more = random.happens(factor - whole) ? 1 : 0
            drawn += repeatElement(index, count: Int(whole) + more)
        }
        order = random.shuffled(drawn)
    }

    /// Full batches.
    public var batchCount: Int { order.count / batchSize }

    /// A batch by its number in the epoch.
    public func batch(_ number: Int) -> Batch {
        let places = number * batchSize..<(number + 1) * batchSize
        var random = RandomStream(seed: seed, epoch: epoch, item: number, purpose: .inputSize)
        return Batch(
            places: places, pictures: Array(order[places]), extent: random.element(of: extents))
    }
}
