internal import Configuration
internal import Datasets
internal import Glibc
internal import Scene

/// Plans augmented inputs of a classifier: a random crop, resized, perhaps flipped, with other colors.
///
/// Crops follow Szegedy et al. ("Going Deeper with Convolutions", 2015): area and aspect ratio are drawn. Plans depend
/// only on the seed, epoch and position in the epoch.
struct CropPlanner: InputPlanner {
    let set: TrainingSet
    let options: ClassificationOptions
    let augmentation: AugmentationOptions
    let seed: UInt64

    func plan(
        picture index: Int, epoch: Int, place: Int, extent: PictureExtent, progress: Double
    ) -> PicturePlan {
        let picture = set.pictures[index]
        var geometry = RandomStream(seed: seed, epoch: epoch, item: place, purpose: .geometry)
        var color = RandomStream(seed: seed, epoch: epoch, item: place, purpose: .color)
        let patch = PicturePatch(
            picture: picture.stored, source: crop(of: picture.extent, for: extent, &geometry),
            target: PixelArea(extent), isFlipped: geometry.happens(augmentation.flip))
        return PicturePlan(
            extent: extent, patches: [patch], color: augmentation.color.draw(&color),
            annotations: picture.annotations.map { label in
                var label = label
                label.box = PixelArea(extent).box
                return label
            })
    }

    /// Random crop; the largest centered one if ten draws do not fit.
    private func crop(
        of picture: PictureExtent, for extent: PictureExtent, _ random: inout RandomStream
    ) -> Box {
        let (width, height) = (Float(picture.width), Float(picture.height))
        let aspect = Float(extent.width) / Float(extent.height)
        let logarithms = logf(options.aspects.lowerBound)...logf(options.aspects.upperBound)
        for _ in 0..<10 {
            let area = random.number(in: Float(options.leastArea)...1) * width * height
            let ratio = aspect * expf(random.number(in: logarithms))
            let sides = ((area * ratio).squareRoot(), (area / ratio).squareRoot())
            let (left, top) = (random.unit(), random.unit())
            guard sides.0 <= width, sides.1 <= height else { continue }
            return Box(
                x: left * (width - sides.0), y: top * (height - sides.1), width: sides.0,
                height: sides.1)
        }
        return picture.centered(aspect: aspect)
    }
}

extension PictureExtent {
    /// The largest centered part with an aspect ratio, width by height.
    func centered(aspect: Float) -> Box {
        let (width, height) = (Float(self.width), Float(self.height))
        let (w, h) = (min(width, height * aspect), min(height, width / aspect))
        return Box(x: (width - w) / 2, y: (height - h) / 2, width: w, height: h)
    }
}
