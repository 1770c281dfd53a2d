public import Datasets

/// One batch of an epoch.
public struct Batch: Hashable, Sendable {
    /// Positions in the epoch's order; they seed the augmentation.
    public var places: Range<Int>
    /// Indices into the set's images.
    public var pictures: [Int]
    /// Size of the inputs.
    public var extent: PictureExtent
}

/// Order, batches and input sizes of one epoch.
///
/// The plan depends only on seed and epoch, so that a resumed run continues exactly.
public struct EpochPlan: Sendable {
    /// Index of the epoch.
    public let epoch: Int
    /// Indices into the set's images in order; repeat factors may drop or repeat an image.
    public let order: [Int]
    private let seed: UInt64
    private let batchSize: Int
    private let extents: [PictureExtent]

    /// Draws the plan of an epoch.
    ///
    /// - Parameters:
    ///   - factors: Repeat factor of each image; the fractional part is a probability.
    ///   - epoch: Index of the epoch.
    ///   - seed: Seed of the run.
    ///   - batchSize: Images per batch; an incomplete last batch is dropped.
    ///   - extents: Input sizes; each batch draws one.
    public init(
        factors: [Double], epoch: Int, seed: UInt64, batchSize: Int, extents: [PictureExtent]
    ) {
        precondition(batchSize > 0 && !extents.isEmpty, "a batch needs images and an input size")
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

    /// Number of complete batches.
    public var batchCount: Int { order.count / batchSize }

    /// Returns a batch by its index in the epoch.
    public func batch(_ number: Int) -> Batch {
        let places = number * batchSize..<(number + 1) * batchSize
        var random = RandomStream(seed: seed, epoch: epoch, item: number, purpose: .inputSize)
        return Batch(
            places: places, pictures: Array(order[places]), extent: random.element(of: extents))
    }
}
