public import Configuration
public import Datasets
internal import Scene

/// Planner of augmented network inputs; plans depend only on its arguments, not on earlier calls.
protocol InputPlanner: Sendable {
    /// Plans one input from the image with an index; `place` is its position in the epoch's order.
    func plan(
        picture: Int, epoch: Int, place: Int, extent: PictureExtent, progress: Double
    ) -> PicturePlan
}

extension Augmenter: InputPlanner {}

/// Plans augmented network inputs from the images of a training set.
///
/// Plans depend only on the seed, epoch, position in the epoch and progress, not on earlier calls.
public struct Augmenter: Sendable {
    let set: TrainingSet
    let options: AugmentationOptions
    let seed: UInt64
    /// Indices of images by unlabelled classes; all parts of a mosaic have the same ones.
    private let companions: [[Int]: [Int]]
    /// Objects that may be pasted.
    let pasteables: [Pasteable]

    /// Creates an augmenter of a set.
    public init(_ set: TrainingSet, options: AugmentationOptions, seed: UInt64) {
        self.set = set
        self.options = options
        self.seed = seed
        companions = Dictionary(grouping: set.pictures.indices) { set.pictures[$0].unlabelled }
        pasteables = options.paste > 0 ? Pasteable.all(in: set, options.pastedClasses) : []
    }

    /// Plans one input.
    ///
    /// - Parameters:
    ///   - picture: Index into the set's images.
    ///   - epoch: Index of the epoch.
    ///   - place: Position in the epoch's order, so that repeated images are augmented differently.
    ///   - extent: Size of the input.
    ///   - progress: Completed share of the run, 0 to 1.
    /// - Returns: The plan of the input.
    public func plan(
        picture: Int, epoch: Int, place: Int, extent: PictureExtent, progress: Double
    ) -> PicturePlan {
        func stream(_ purpose: RandomPurpose) -> RandomStream {
            RandomStream(seed: seed, epoch: epoch, item: place, purpose: purpose)
        }
        var mosaic = stream(.mosaic)
        var plan: PicturePlan
        if mosaic.happens(options.mosaic) && progress < options.mosaicEnd {
            plan = joined(picture, extent, &mosaic)
        } else {
            var geometry = stream(.geometry)
            plan = single(picture, extent, &geometry)
            var paste = stream(.paste)
            if !pasteables.isEmpty && paste.happens(options.paste) {
                addObjects(to: &plan, of: set.pictures[picture], &paste)
            }
        }
        var color = stream(.color)
        plan.color = options.color.draw(&color)
        return plan
    }

    /// Plans an input from one image: expanded, cropped or whole.
    private func single(
        _ index: Int, _ extent: PictureExtent, _ random: inout RandomStream
    ) -> PicturePlan {
        let picture = set.pictures[index]
        let source: Box
        if random.happens(options.expand) {
            source = expanded(picture.extent, &random)
        } else if random.happens(options.crop) {
            source = cropped(picture, &random)
        } else {
            source = PixelArea(picture.extent).box
        }
        let patch = PicturePatch(
            picture: picture.stored, source: source, target: PixelArea(extent),
            isFlipped: random.happens(options.flip))
        return PicturePlan(
            extent: extent, patches: [patch], annotations: visible(picture.annotations, in: patch),
            unlabelled: picture.unlabelled)
    }

    /// Plans a mosaic of four images around a point.
    private func joined(
        _ index: Int, _ extent: PictureExtent, _ random: inout RandomStream
    ) -> PicturePlan {
        let first = set.pictures[index]
        let others = companions[first.unlabelled] ?? [index]
        func split(_ side: Int, _ share: Float) -> Int {
            max(1, min(side - 1, Int((Float(side) * share).rounded())))
        }
        let across = split(extent.width, random.number(in: options.mosaicCenter))
        let down = split(extent.height, random.number(in: options.mosaicCenter))
        var plan = PicturePlan(extent: extent, patches: [], unlabelled: first.unlabelled)
        for quarter in 0..<4 {
            let other = quarter == 0 ? index : random.element(of: others)
            let picture = set.pictures[other]
            let (isRight, isLower) = (quarter % 2 == 1, quarter >= 2)
            let target = PixelArea(
                left: isRight ? across : 0, top: isLower ? down : 0,
                width: isRight ? extent.width - across : across,
                height: isLower ? extent.height - down : down)
            let patch = PicturePatch(
                picture: picture.stored,
                source: part(of: picture.extent, for: target, in: extent, &random),
                target: target, isFlipped: random.happens(options.flip))
            plan.patches.append(patch)
            plan.annotations += visible(picture.annotations, in: patch)
        }
        return plan
    }

    /// Crop of an image for one quarter of a mosaic; its aspect ratio changes little.
    private func part(
        of picture: PictureExtent, for target: PixelArea, in extent: PictureExtent,
        _ random: inout RandomStream
    ) -> Box {
        // Relative to half of the input, so that smaller quarters show smaller crops at the same scale.
        let share = random.number(in: options.mosaicPart)
        let stretch = random.number(in: 0.85...1.18)
        let across = share * 2 * Float(target.width) / Float(extent.width)
        let down = share * stretch * 2 * Float(target.height) / Float(extent.height)
        let width = Float(picture.width) * min(1, across)
        let height = Float(picture.height) * min(1, down)
        return Box(
            x: random.unit() * (Float(picture.width) - width),
            y: random.unit() * (Float(picture.height) - height), width: width, height: height)
    }

    /// Random rectangle that contains the image (SSD's expansion).
    private func expanded(_ extent: PictureExtent, _ random: inout RandomStream) -> Box {
        let ratio = random.number(in: 1...max(1, options.expandLimit))
        let (width, height) = (Float(extent.width) * ratio, Float(extent.height) * ratio)
        return Box(
            x: -random.unit() * (width - Float(extent.width)),
            y: -random.unit() * (height - Float(extent.height)), width: width, height: height)
    }

    /// Random crop that contains an object's center and has the minimum IoU with every object whose center it contains
    /// (SSD, 2016).
    private func cropped(_ picture: TrainingPicture, _ random: inout RandomStream) -> Box {
        let whole = PixelArea(picture.extent).box
        let boxes = picture.annotations.filter { !$0.isIgnored }.map(\.box)
        let least = random.element(of: options.cropOverlaps)
        guard !boxes.isEmpty else { return whole }
        for _ in 0..<30 {
            let across = random.number(in: options.cropSide...1)
            let down = random.number(in: options.cropSide...1)
            let (left, top) = (random.unit(), random.unit())
            guard across <= 2 * down, down <= 2 * across else { continue }
            let crop = Box(
                x: left * (1 - across) * whole.width, y: top * (1 - down) * whole.height,
                width: across * whole.width, height: down * whole.height)
            let kept = boxes.filter { crop.contains(centerOf: $0) }
            if !kept.isEmpty && kept.allSatisfy({ $0.overlap(crop) >= least }) { return crop }
        }
        return whole
    }

    /// Visible annotations of an image in a patch, in pixels of the input.
    func visible(_ annotations: [Annotation], in patch: PicturePatch) -> [Annotation] {
        let target = patch.target.box
        return annotations.compactMap { annotation in
            let placed = patch.placed(annotation.box)
            let visible = placed.intersection(target)
            guard min(visible.width, visible.height) > options.leastSide else { return nil }
            var result = annotation
            result.box = visible
            if !target.contains(centerOf: placed) {
                guard visible.area >= options.ignoredShare * placed.area else { return nil }
                result.isIgnored = true
            }
            return result
        }
    }
}

extension Box {
    /// True when the center of `other` is inside.
    func contains(centerOf other: Box) -> Bool {
        other.centerX > x && other.centerX < right && other.centerY > y && other.centerY < bottom
    }

    /// Share of this box's area covered by `other`, 0 to 1.
    func share(coveredBy other: Box) -> Float {
        area > 0 ? intersection(other).area / area : 0
    }
}
