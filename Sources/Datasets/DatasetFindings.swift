internal import Scene

/// What looking at the file of a picture showed.
public struct PictureFacts: Hashable, Sendable {
    /// Size in pixels; nil where it could not be read.
    public var extent: PictureExtent?
    /// The reason why it could not be read.
    public var trouble: String?
    /// Fingerprint of what it shows.
    public var hash: PictureHash?

    /// Facts of a picture that was read.
    public init(extent: PictureExtent, hash: PictureHash) {
        self.extent = extent
        self.hash = hash
    }

    /// Facts of a picture that could not be read.
    public init(trouble: String) { self.trouble = trouble }
}

/// What is in one data set, and what is wrong with it.
public struct SetFindings: Hashable, Sendable {
    /// Objects of one class.
    public struct ClassCount: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Objects that are not ignored, and pictures that show some.
        public var objects = 0, pictures = 0
        /// Objects that are ignored.
        public var ignored = 0
        /// Roots of the objects' areas in pixels, ascending.
        public var sides: [Float] = []

        /// The side that a share of the objects does not exceed.
        public func side(_ share: Double) -> Float? {
            sides.isEmpty ? nil : sides[Int(Double(sides.count - 1) * share)]
        }
    }

    /// The set's name.
    public let name: String
    /// Pictures, and those without any object.
    public private(set) var pictures = 0, empty = 0
    /// Classes in their order.
    public private(set) var classes: [ClassCount]
    /// Objects of no class, which are ignored for all.
    public private(set) var regions = 0
    /// Names of classes that are not annotated.
    public let unlabelled: [String]
    /// Pictures that could not be read, with the reason.
    public private(set) var broken: [DatasetNotice] = []
    /// Pictures of another size than the annotations say.
    public private(set) var resized: [DatasetNotice] = []
    /// Boxes without extent, or with numbers that are none.
    public private(set) var hollow: [DatasetNotice] = []
    /// Boxes that leave their picture by more than a pixel, or lie wholly outside.
    public private(set) var outside: [DatasetNotice] = []
    /// What the reader found odd.
    public let notices: [DatasetNotice]

    /// Findings of a set; `facts` are those of its pictures in order.
    public init(_ set: AnnotatedSet, _ facts: [PictureFacts]) {
        precondition(facts.count == set.pictures.count, "facts of each picture")
        name = set.name
        notices = set.notices
        classes = set.classes.map { ClassCount(name: $0) }
        unlabelled = set.unlabelled.sorted().map { set.classes[$0] }
        for (picture, facts) in zip(set.pictures, facts) { add(picture, facts) }
        for index in classes.indices { classes[index].sides.sort() }
    }

    /// Findings that make training or measuring wrong, counted.
    public var problemCount: Int {
        broken.count + resized.count + hollow.count + outside.count
    }

    private mutating func add(_ picture: AnnotatedPicture, _ facts: PictureFacts) {
        pictures += 1
        if picture.annotations.isEmpty { empty += 1 }
        if let trouble = facts.trouble { broken.append(DatasetNotice(picture.path, trouble)) }
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
        if hasSize && annotation.box.isSound {
            classes[index].sides.append(annotation.box.area.squareRoot())
        }
    }

    private mutating func check(
        _ annotation: Annotation, _ number: Int, _ path: String, _ extent: PictureExtent?
    ) {
        let box = annotation.box
        guard box.isSound else {
            return hollow.append(
                DatasetNotice(path, "box \(number + 1) has no extent: \(text(box))."))
        }
        guard let extent else { return }
        let (width, height) = (Float(extent.width), Float(extent.height))
        if box.x < -1 || box.y < -1 || box.right > width + 1 || box.bottom > height + 1 {
            let isLost = box.x >= width || box.y >= height || box.right <= 0 || box.bottom <= 0
            outside.append(
                DatasetNotice(
                    path,
                    "box \(number + 1) \(isLost ? "lies outside" : "leaves") the picture of \(extent.width)×\(extent.height): \(text(box))."
                ))
        }
    }

    private func text(_ box: Box) -> String {
        "\(box.x) \(box.y) \(box.width) \(box.height)"
    }
}

/// Two pictures that show the same.
public struct DuplicatePair: Hashable, Sendable {
    /// Index of the set of each, and path.
    public var firstSet: Int, first: String, secondSet: Int, second: String

    /// True when they stand in different sets: what is measured on one was trained on in the other.
    public var isBetweenSets: Bool { firstSet != secondSet }

    /// All pairs among the pictures of some sets, in their order; flat pictures are skipped.
    ///
    /// Every picture is paired with the first that shows the same, so that ten copies make nine pairs.
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
