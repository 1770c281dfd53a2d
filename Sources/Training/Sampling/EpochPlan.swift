public import Datasets

/// How often the pictures of a set are drawn in an epoch.
public struct SamplingOptions: Hashable, Sendable, Codable {
    /// Share of pictures below which a class counts as rare (Gupta et al., "LVIS", 2019); 0 draws all alike.
    public var rareShare = 0.2
    /// Most times that a picture comes because of its classes.
    public var repeatLimit = 3.0
    /// Times that a picture without objects comes.
    public var emptyFactor = 0.5

    /// The usual numbers.
    public init() {}

    /// How often each picture comes in an epoch, on average: the greatest root of the rare share over the share of
    /// pictures that show one of its classes, times the weight of its set.
    public func factors(_ set: TrainingSet) -> [Double] {
        let total = Double(max(1, set.pictures.count))
        let ofClass = set.pictureCounts.map { count -> Double in
            guard count > 0 else { return 1 }
            let factor = (rareShare * total / Double(count)).squareRoot()
            return max(1, min(factor, repeatLimit))
        }
        return set.pictures.map { picture in
            let best = picture.classes.map { ofClass[$0] }.max() ?? emptyFactor
            return best * set.weights[picture.set]
        }
    }
}

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
