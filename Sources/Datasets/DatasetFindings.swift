internal import Scene

/// Result of decoding one image file of a data set.
public struct PictureFacts: Hashable, Sendable {
    /// Size in pixels; nil if the image could not be decoded.
    public var extent: PictureExtent?
    /// Reason why the image could not be decoded.
    public var error: String?
    /// Perceptual hash of the image.
    public var hash: PictureHash?

    /// Creates the facts of a decoded image.
    public init(extent: PictureExtent, hash: PictureHash) {
        self.extent = extent
        self.hash = hash
    }

    /// Creates the facts of an image that could not be decoded.
    public init(error: String) { self.error = error }
}

/// Statistics and problems of one data set.
public struct SetFindings: Hashable, Sendable {
    /// Statistics of one class.
    public struct ClassCount: Hashable, Sendable {
        /// Name of the class.
        public var name: String
        /// Number of objects that are not ignored, and of images with at least one.
        public var objects = 0, pictures = 0
        /// Number of ignored objects.
        public var ignored = 0
        /// Square roots of the objects' areas in pixels, ascending.
        public var sides: [Float] = []

        /// Quantile of ``sides``: the side that this share of the objects does not exceed.
        public func side(_ share: Double) -> Float? {
            sides.isEmpty ? nil : sides[Int(Double(sides.count - 1) * share)]
        }
    }

    /// The set's name.
    public let name: String
    /// Number of images, and of images without any object.
    public private(set) var pictures = 0, empty = 0
    /// Classes in their order.
    public private(set) var classes: [ClassCount]
    /// Number of ignored regions without a class.
    public private(set) var regions = 0
    /// Names of classes that are not annotated.
    public let unlabelled: [String]
    /// Images that could not be decoded, with the reason.
    public private(set) var unreadable: [DatasetNotice] = []
    /// Images with a size that differs from the annotations.
    public private(set) var resized: [DatasetNotice] = []
    /// Boxes that are empty or contain numbers that are not finite.
    public private(set) var emptyBoxes: [DatasetNotice] = []
    /// Boxes that extend beyond their image by more than a pixel, or are completely outside.
    public private(set) var outside: [DatasetNotice] = []
    /// Notices of the reader.
    public let notices: [DatasetNotice]

    /// Computes the findings of a set; `facts` holds one element per image, in order.
    public init(_ set: AnnotatedSet, _ facts: [PictureFacts]) {
        precondition(facts.count == set.pictures.count, "one element of facts per image")
        name = set.name
        notices = set.notices
        classes = set.classes.map { ClassCount(name: $0) }
        unlabelled = set.unlabelled.sorted().map { set.classes[$0] }
        for (picture, facts) in zip(set.pictures, facts) { add(picture, facts) }
        for index in classes.indices { classes[index].sides.sort() }
    }

    /// Number of findings that make training or evaluation wrong.
    public var problemCount: Int {
        unreadable.count + resized.count + emptyBoxes.count + outside.count
    }

    private mutating func add(_ picture: AnnotatedPicture, _ facts: PictureFacts) {
        pictures += 1
        if picture.annotations.isEmpty { empty += 1 }
        if let error = facts.error { unreadable.append(DatasetNotice(picture.path, error)) }
        if let stated = picture.extent, let real = facts.extent, stated != real {
            resized.append(
                DatasetNotice(
                    picture.path,
                    "is \(real.width)×\(real.height); the annotations say \(stated.width)×\(stated.height)."
                ))
        }
        var seen: Set<Int> = []
        let extent = facts.extent ?? picture.extent
        let annotations = picture.annotations(
            width: extent?.width ?? 1, height: extent?.height ?? 1)
        for (number, annotation) in annotations.enumerated() {
            check(annotation, number, picture.path, extent)
            count(annotation, hasSize: extent != nil || !picture.isRelative, &seen)
        }
    }

    private mutating func count(
        _ annotation: Annotation, hasSize: Bool, _ seen: inout Set<Int>
    ) {
        guard let index = annotation.classIndex else { return regions += 1 }
        guard !annotation.isIgnored else { return classes[index].ignored += 1 }
        classes[index].objects += 1
        if seen.insert(index).inserted { classes[index].pictures += 1 }
        if hasSize && annotation.box.isValid {
            classes[index].sides.append(annotation.box.area.squareRoot())
        }
    }

    private mutating func check(
        _ annotation: Annotation, _ number: Int, _ path: String, _ extent: PictureExtent?
    ) {
        let box = annotation.box
        guard box.isValid else {
            return emptyBoxes.append(
                DatasetNotice(path, "box \(number + 1) has no extent: \(text(box))."))
        }
        guard let extent else { return }
        let (width, height) = (Float(extent.width), Float(extent.height))
        if box.x < -1 || box.y < -1 || box.right > width + 1 || box.bottom > height + 1 {
            let isLost = box.x >= width || box.y >= height || box.right <= 0 || box.bottom <= 0
            outside.append(
                DatasetNotice(
                    path,
                    "box \(number + 1) \(isLost ? "is outside" : "extends beyond") the image of \(extent.width)×\(extent.height): \(text(box))."
                ))
        }
    }

    private func text(_ box: Box) -> String {
        "\(box.x) \(box.y) \(box.width) \(box.height)"
    }
}

/// Two images with the same content.
public struct DuplicatePair: Hashable, Sendable {
    /// Index of the set and path of each image.
    public var firstSet: Int, first: String, secondSet: Int, second: String

    /// True when the images are in different sets, so that evaluation may measure on training images.
    public var isBetweenSets: Bool { firstSet != secondSet }

    /// Finds all pairs among the images of several sets, in order; uniform images are skipped.
    ///
    /// Every image is paired with the first one of the same content: ten copies make nine pairs.
    public static func all(_ sets: [(paths: [String], facts: [PictureFacts])]) -> [DuplicatePair] {
        var seen: [(set: Int, path: String, hash: PictureHash)] = []
        var pairs: [DuplicatePair] = []
        for (index, set) in sets.enumerated() {
            for (path, facts) in zip(set.paths, set.facts) {
                guard let hash = facts.hash, !hash.isFlat else { continue }
                let twin = seen.first { $0.hash.distance(to: hash) <= PictureHash.tolerance }
                if let twin {
                    pairs.append(
                        DuplicatePair(
                            firstSet: twin.set, first: twin.path, secondSet: index, second: path))
                } else {
                    seen.append((index, path, hash))
                }
            }
        }
        return pairs
    }
}
