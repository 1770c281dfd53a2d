public import Datasets
internal import Scene

/// One picture to train on: where its pixels are, and what is in it.
public struct TrainingPicture: Hashable, Sendable {
    /// Index into the store.
    public var stored: Int
    /// Size in the store, in whose pixels the boxes are.
    public var extent: PictureExtent
    /// Objects and ignored regions, clipped to the picture.
    public var annotations: [Annotation]
    /// Classes that may be seen in the picture but are not annotated, ascending.
    public var unlabelled: [Int]
    /// Index of the set it comes from.
    public var set: Int

    /// A picture by its parts.
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

/// Several data sets joined, with the sound pictures of a store.
public struct TrainingSet: Sendable {
    /// Names of the classes.
    public let classes: [String]
    /// The pictures that can be trained on.
    public let pictures: [TrainingPicture]
    /// How often the pictures of each set are drawn, relative to those of the others.
    public let weights: [Double]
    /// Pictures that are left out because they could not be decoded.
    public let damaged: Int

    /// Joins sets.
    ///
    /// - Parameters:
    ///   - sets: Sets with the same classes (`AnnotatedSet.adopting`).
    ///   - stored: The store's pictures: those of the first set in its order, then those of the second.
    public init(_ sets: [AnnotatedSet], stored: [StoredPicture]) {
        classes = sets.first?.classes ?? []
        weights = sets.map(\.weight)
        var pictures: [TrainingPicture] = []
        var place = 0
        for (index, set) in sets.enumerated() {
            precondition(set.classes == classes, "sets of one run have the same classes")
            let unlabelled = set.unlabelled.sorted()
            for picture in set.pictures {
                let stored = stored[place]
                precondition(stored.path == picture.path, "the store holds other pictures")
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

    /// Pictures in memory, for tests and small tools.
    public init(classes: [String], pictures: [TrainingPicture], weights: [Double] = [1]) {
        self.classes = classes
        self.pictures = pictures
        self.weights = weights
        damaged = 0
    }

    /// How many pictures show each class, ignored objects not counted.
    public var pictureCounts: [Int] {
        var counts = [Int](repeating: 0, count: classes.count)
        for picture in pictures {
            for index in picture.classes { counts[index] += 1 }
        }
        return counts
    }
}

extension TrainingPicture {
    /// The classes of which objects are annotated.
    public var classes: Set<Int> {
        Set(annotations.filter { !$0.isIgnored }.compactMap(\.classIndex))
    }
}

extension AnnotatedPicture {
    /// Sound annotations in pixels of the stored picture.
    fileprivate func annotations(in stored: StoredPicture) -> [Annotation] {
        let source = stored.source
        let horizontal = Float(stored.extent.width) / Float(source.width)
        let vertical = Float(stored.extent.height) / Float(source.height)
        return soundAnnotations(width: source.width, height: source.height).map { annotation in
            var scaled = annotation
            let box = annotation.box
            scaled.box = Box(
                x: box.x * horizontal, y: box.y * vertical, width: box.width * horizontal,
                height: box.height * vertical)
            return scaled
        }
    }
}
