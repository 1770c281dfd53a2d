internal import Configuration
internal import Datasets
internal import Scene

/// An object that can be pasted into another image: large enough, and not covered by other objects.
///
/// Method: Dwibedi et al., "Cut, Paste and Learn" (2017), with boxes instead of masks.
struct Pasteable: Hashable, Sendable {
    /// Minimum side in pixels of the stored image.
    private static let leastSide: Float = 16
    /// Maximum share of the box that another object may cover.
    private static let greatestCover: Float = 0.1
    /// Margin around the box that is pasted too, relative to the box's sides.
    static let margin: Float = 0.06

    /// Index into the set's images.
    var picture: Int
    /// Index into the image's annotations.
    var annotation: Int

    /// All objects of the given classes that can be pasted.
    static func all(in set: TrainingSet, _ classes: Set<Int>) -> [Pasteable] {
        set.pictures.indices.flatMap { index -> [Pasteable] in
            let picture = set.pictures[index]
            return picture.annotations.indices.filter { number in
                let annotation = picture.annotations[number]
                guard let classIndex = annotation.classIndex, classes.contains(classIndex),
                    !annotation.isIgnored,
                    min(annotation.box.width, annotation.box.height) >= leastSide
                else { return false }
                return picture.annotations.indices.allSatisfy { other in
                    other == number
                        || annotation.box.share(coveredBy: picture.annotations[other].box)
                            < greatestCover
                }
            }.map { Pasteable(picture: index, annotation: $0) }
        }
    }
}

extension Augmenter {
    /// Pastes objects of other images into the plan of an image.
    func addObjects(
        to plan: inout PicturePlan, of picture: TrainingPicture, _ random: inout RandomStream
    ) {
        let count = 1 + random.index(below: max(1, options.pasteLimit))
        for _ in 0..<count {
            for _ in 0..<10 {
                let object = random.element(of: pasteables)
                guard let patch = place(object, in: plan, of: picture, &random) else { continue }
                let source = set.pictures[object.picture].annotations[object.annotation]
                plan.patches.append(patch)
                var added = source
                added.box = patch.placed(source.box).intersection(PixelArea(plan.extent).box)
                plan.annotations.append(added)
                break
            }
        }
    }

    /// Position for an object at its original relative height that hardly covers other objects; nil if it does.
    private func place(
        _ object: Pasteable, in plan: PicturePlan, of picture: TrainingPicture,
        _ random: inout RandomStream
    ) -> PicturePatch? {
        let other = set.pictures[object.picture]
        let box = other.annotations[object.annotation].box
        let frame = PixelArea(other.extent).box
        let source = Box(
            left: box.x - Pasteable.margin * box.width, top: box.y - Pasteable.margin * box.height,
            right: box.right + Pasteable.margin * box.width,
            bottom: box.bottom + Pasteable.margin * box.height
        ).intersection(frame)
        // Objects at the same height in an image have similar sizes, so both stay relative to the image.
        let zoom = random.number(in: 0.8...1.25)
        let base = plan.patches[0]
        let height = source.height / frame.height * Float(picture.extent.height) * zoom
        let width = source.width / frame.width * Float(picture.extent.width) * zoom
        let bottom =
            (source.bottom / frame.height + random.number(in: -0.03...0.03))
            * Float(picture.extent.height)
        let left = random.unit() * (Float(picture.extent.width) - width)
        let placed = base.placed(Box(x: left, y: bottom - height, width: width, height: height))
        let target = PixelArea(
            left: Int(placed.x.rounded()), top: Int(placed.y.rounded()),
            width: Int(placed.width.rounded()), height: Int(placed.height.rounded()))
        guard target.width >= 8, target.height >= 8, isFree(target, in: plan) else { return nil }
        return PicturePatch(
            picture: other.stored, source: source, target: target,
            isFlipped: random.happens(options.flip), feather: 3)
    }

    private func isFree(_ target: PixelArea, in plan: PicturePlan) -> Bool {
        let box = target.box
        guard target.left >= 0, target.top >= 0, box.right <= Float(plan.extent.width),
            box.bottom <= Float(plan.extent.height)
        else { return false }
        return plan.annotations.allSatisfy { annotation in
            annotation.box.share(coveredBy: box) < 0.2
                && box.share(coveredBy: annotation.box) < 0.3
        }
    }
}
