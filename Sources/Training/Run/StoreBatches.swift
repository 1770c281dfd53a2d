internal import Datasets
internal import Scene
internal import Synchronization
public import ThunderNet

/// Batches from a store of decoded images, augmented according to a recipe.
public final class StoreBatches: BatchSource {
    /// Average number of batches per epoch.
    public let batchesPerEpoch: Int
    /// Number of images per batch.
    public let batchSize: Int
    /// Digest of images and annotations.
    public let digest: String
    private let set: TrainingSet
    private let pixels: any PixelSource & Sendable
    private let augmenter: Augmenter
    private let writer: InputWriter
    private let factors: [Double]
    private let extents: [PictureExtent]
    private let seed: UInt64
    private let isDrawn: Bool
    private let plan = Mutex<EpochPlan?>(nil)
    private let canvas = Mutex<(renderer: PictureRenderer, pixels: [UInt8])>(
        (PictureRenderer(), []))

    /// Creates batches of a set for a recipe and the normalization of its model.
    ///
    /// With `isDrawn` false, batches are plans without pixels, which ``TorchPictures`` draws.
    public init(
        _ set: TrainingSet, _ pixels: any PixelSource & Sendable, _ recipe: TrainingRecipe,
        _ normalization: InputNormalization, isDrawn: Bool = true
    ) {
        self.isDrawn = isDrawn
        self.set = set
        self.pixels = pixels
        augmenter = Augmenter(set, options: recipe.augmentation, seed: recipe.seed)
        writer = InputWriter(normalization, order: .pixels)
        factors = recipe.sampling.factors(set)
        extents = recipe.sizes.map { PictureExtent(width: $0.width, height: $0.height) }
        seed = recipe.seed
        batchSize = recipe.batch
        batchesPerEpoch = max(1, Int(factors.reduce(0, +)) / recipe.batch)
        digest = set.digest
    }

    /// Creates a batch.
    public func batch(_ number: Int, progress: Double) throws -> TrainingBatch {
        let (epoch, place) = number.quotientAndRemainder(dividingBy: batchesPerEpoch)
        let order = plan(of: epoch)
        guard order.batchCount > 0 else {
            throw TrainingDataError(
                "The training set has too few images for a batch of \(batchSize).")
        }
        // An epoch may be one batch shorter than the average.
        let batch = order.batch(place % order.batchCount)
        let plans = zip(batch.places, batch.pictures).map { place, picture in
            augmenter.plan(
                picture: picture, epoch: epoch, place: place, extent: batch.extent,
                progress: progress)
        }
        return TrainingBatch(
            extent: batch.extent, pixels: isDrawn ? draw(plans, batch.extent) : nil, plans: plans)
    }

    /// Contact sheet of the first inputs of the run, before normalization.
    public func firstInputs(count: Int, columns: Int, width: Int) throws -> ContactSheet {
        var plans: [PicturePlan] = []
        while plans.count < count {
            plans += try batch(plans.count / batchSize, progress: 0).plans
        }
        return ContactSheet(
            Array(plans.prefix(count)), from: pixels, columns: columns, width: width)
    }

    private func draw(_ plans: [PicturePlan], _ extent: PictureExtent) -> [Float] {
        let count = 3 * extent.width * extent.height
        var numbers = [Float](repeating: 0, count: count * plans.count)
        canvas.withLock { canvas in
            for (index, plan) in plans.enumerated() {
                canvas.renderer.render(plan, from: pixels, into: &canvas.pixels)
                var span = numbers.mutableSpan
                var part = span._mutatingExtracting(index * count..<(index + 1) * count)
                writer.write(canvas.pixels.span, plan.color, into: &part)
            }
        }
        return numbers
    }

    private func plan(of epoch: Int) -> EpochPlan {
        plan.withLock { known in
            if let known, known.epoch == epoch { return known }
            let drawn = EpochPlan(
                factors: factors, epoch: epoch, seed: seed, batchSize: batchSize, extents: extents)
            known = drawn
            return drawn
        }
    }
}

extension TrainingSet {
    /// Digest of images, classes and boxes.
    var digest: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01b3 }
        for name in classes { for byte in name.utf8 { mix(UInt64(byte)) } }
        for picture in pictures {
            mix(UInt64(picture.stored))
            mix(UInt64(picture.extent.width) << 32 | UInt64(picture.extent.height))
            for annotation in picture.annotations {
                mix(UInt64(bitPattern: Int64(annotation.classIndex ?? -1)))
                for number in [
                    annotation.box.x, annotation.box.y, annotation.box.width, annotation.box.height,
                ] { mix(UInt64(number.bitPattern)) }
            }
        }
        return String(hash, radix: 16)
    }
}
