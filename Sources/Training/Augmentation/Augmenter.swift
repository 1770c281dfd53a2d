public import Configuration
public import Datasets
internal import Scene

/// Draws inputs of the network from the pictures of a training set.
///
/// The same seed, epoch, place in the epoch and progress give the same input, whatever was drawn before.
public struct Augmenter: Sendable {
    let set: TrainingSet
    let options: AugmentationOptions
    let seed: UInt64
    /// Pictures by the classes they leave out: parts of one mosaic share them.
    private let companions: [[Int]: [Int]]
    /// What may be pasted.
    let pasteables: [Pasteable]

    /// An augmenter of a set.
    public init(_ set: TrainingSet, options: AugmentationOptions, seed: UInt64) {
        self.set = set
        self.options = options
        self.seed = seed
        companions = Dictionary(grouping: set.pictures.indices) { set.pictures[$0].unlabelled }
        pasteables = options.paste > 0 ? Pasteable.all(in: set, options.pastedClasses) : []
    }

    /// Draws one input.
    ///
    /// - Parameters:
    ///   - picture: Index into the set's pictures.
    ///   - epoch: Number of the epoch.
    ///   - place: Place in the epoch's order, so that a picture that comes twice is changed twice.
    ///   - extent: Size of the input.
    ///   - progress: Share of the run that is done, 0 to 1.
    /// - Returns: The input as data.
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

    /// One picture: expanded, cropped or whole.
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
            extent: extent, patches: [patch], annotations: seen(picture.annotations, in: patch),
            unlabelled: picture.unlabelled)
    }

    /// Four pictures around a point.
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
            plan.annotations += seen(picture.annotations, in: patch)
        }
        return plan
    }

    /// The part of a picture that a quarter of a mosaic shows, with its proportions about kept.
    private func part(
        of picture: PictureExtent, for target: PixelArea, in extent: PictureExtent,
        _ random: inout RandomStream
    ) -> Box {
        // Relative to half of the input, so that a smaller quarter shows less rather than all of it smaller.
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

    /// A rectangle around a picture.
    private func expanded(_ extent: PictureExtent, _ random: inout RandomStream) -> Box {
        let ratio = random.number(in: 1...max(1, options.expandLimit))
        let (width, height) = (Float(extent.width) * ratio, Float(extent.height) * ratio)
        return Box(
            x: -random.unit() * (width - Float(extent.width)),
            y: -random.unit() * (height - Float(extent.height)), width: width, height: height)
    }

    /// A part of a picture that shows the centre of an object and enough of all whose centres it shows (SSD).
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

    /// What is seen of a picture's annotations in a patch, in pixels of the input.
    func seen(_ annotations: [Annotation], in patch: PicturePatch) -> [Annotation] {
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
    /// True when the centre of another lies inside.
    func contains(centerOf other: Box) -> Bool {
        other.centerX > x && other.centerX < right && other.centerY > y && other.centerY < bottom
    }

    /// The share of this box's area that another covers, 0 to 1.
    func share(coveredBy other: Box) -> Float {
        area > 0 ? intersection(other).area / area : 0
    }
}
