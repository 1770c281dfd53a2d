public import Datasets
internal import Scene

/// A training image: its index in the store and its annotations.
public struct TrainingPicture: Hashable, Sendable {
    /// Index into the store.
    public var stored: Int
    /// Size in the store; boxes are in these pixels.
    public var extent: PictureExtent
    /// Objects and ignored regions, clipped to the image.
    public var annotations: [Annotation]
    /// Indices of classes that may be visible in the image but are not annotated, ascending.
    public var unlabelled: [Int]
    /// Index of the image's set.
    public var set: Int

    /// Creates an image from its parts.
    public init(
        stored: Int, extent: PictureExtent, annotations: [Annotation], unlabelled: [Int] = [],
        set: Int = 0
    ) {
        self.stored = stored
        self.extent = extent
        self.annotations = annotations
        self.unlabelled = unlabelled
        self.set = set
    }
}

/// Several data sets merged, with the valid images of a store.
public struct TrainingSet: Sendable {
    /// Names of the classes.
    public let classes: [String]
    /// Valid images of all sets.
    public let pictures: [TrainingPicture]
    /// Sampling weight of each set, relative to the others.
    public let weights: [Double]
    /// Number of images dropped because they could not be decoded.
    public let damaged: Int

    /// Merges sets.
    ///
    /// - Parameters:
    ///   - sets: Sets with the same classes (`AnnotatedSet.adopting`).
    ///   - stored: The store's images: those of the first set in order, then those of the second, and so on.
    public init(_ sets: [AnnotatedSet], stored: [StoredPicture]) {
        classes = sets.first?.classes ?? []
        weights = sets.map(\.weight)
        var pictures: [TrainingPicture] = []
        var place = 0
        for (index, set) in sets.enumerated() {
            precondition(set.classes == classes, "sets of a run must have the same classes")
            let unlabelled = set.unlabelled.sorted()
            for picture in set.pictures {
                let stored = stored[place]
                precondition(stored.path == picture.path, "the store contains other images")
                if stored.isSound {
                    pictures.append(
                        TrainingPicture(
                            stored: place, extent: stored.extent,
                            annotations: picture.annotations(in: stored), unlabelled: unlabelled,
                            set: index))
                }
                place += 1
            }
        }
        self.pictures = pictures
        damaged = place - pictures.count
    }

    /// Creates a set of images in memory, for tests and small tools.
    public init(classes: [String], pictures: [TrainingPicture], weights: [Double] = [1]) {
        self.classes = classes
        self.pictures = pictures
        self.weights = weights
        damaged = 0
    }

    /// Number of images with each class; ignored objects do not count.
    public var pictureCounts: [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for picture in pictures {
            for index in picture.classes { counts[index] += 1 }
        }
        return counts
    }
}

extension TrainingPicture {
    /// Classes of the annotated objects that are not ignored.
    public var classes: Set<Int> {
        Set(annotations.filter { !$0.isIgnored }.compactMap(\.classIndex))
    }
}

extension AnnotatedPicture {
    /// Valid annotations in pixels of the stored image.
    fileprivate func annotations(in stored: StoredPicture) -> [Annotation] {
        let source = stored.source
        let horizontal = Float(stored.extent.width) / Float(source.width)
        let vertical = Float(stored.extent.height) / Float(source.height)
        return validAnnotations(width: source.width, height: source.height).map { annotation in
            var scaled = annotation
            let box = annotation.box
            scaled.box = Box(
                x: box.x * horizontal, y: box.y * vertical, width: box.width * horizontal,
                height: box.height * vertical)
            return scaled
        }
    }
}
