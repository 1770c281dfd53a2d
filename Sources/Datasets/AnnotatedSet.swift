public import Scene

/// One annotated object, or a region in which nothing is to be judged.
public struct Annotation: Hashable, Sendable {
    /// Index into the set's classes; nil for something that may be an object of any class and is always ignored.
    public var classIndex: Int?
    /// Bounding box: pixels, or shares of the image's sides if ``AnnotatedPicture/isRelative`` is true.
    public var box: Box
    /// Area in square pixels where the format states that of the outline.
    public var area: Double?
    /// A crowd or a difficult object: finding it is neither rewarded nor punished.
    public var isIgnored: Bool

    /// An annotation by its parts.
    public init(classIndex: Int?, box: Box, area: Double? = nil, isIgnored: Bool = false) {
        self.classIndex = classIndex
        self.box = box
        self.area = area
        self.isIgnored = isIgnored || classIndex == nil
    }
}

/// Size of a picture in pixels.
public struct PictureExtent: Hashable, Sendable {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// A size by its sides.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// One picture with what is known to be in it.
public struct AnnotatedPicture: Hashable, Sendable {
    /// Path of the picture, absolute or relative to the working folder.
    public var path: String
    /// Size as the annotations state it; nil where they do not.
    public var extent: PictureExtent?
    /// Boxes are shares of the picture's sides (0 to 1) rather than pixels.
    public var isRelative: Bool
    /// The objects, in the order of the file.
    public var annotations: [Annotation]

    /// A picture by its parts.
    public init(
        path: String, extent: PictureExtent? = nil, isRelative: Bool = false,
        annotations: [Annotation] = []
    ) {
        self.path = path
        self.extent = extent
        self.isRelative = isRelative
        self.annotations = annotations
    }

    /// The annotations in pixels of a picture of this size, as they were written: not clipped, none left out.
    public func annotations(width: Int, height: Int) -> [Annotation] {
        guard isRelative else { return annotations }
        return annotations.map { $0.scaled(Float(width), Float(height)) }
    }

    /// The annotations with which one can train: in pixels, clipped to the picture, none without extent.
    ///
    /// - Parameters:
    ///   - width: Width of the picture in pixels.
    ///   - height: Its height.
    ///   - leastSide: Boxes with a shorter side, in pixels, are left out.
    /// - Returns: Boxes inside the picture.
    public func soundAnnotations(
        width: Int, height: Int, leastSide: Float = 1
    ) -> [Annotation] {
        let picture = Box(x: 0, y: 0, width: Float(width), height: Float(height))
        return annotations(width: width, height: height).compactMap { annotation in
            guard annotation.box.isSound else { return nil }
            var clipped = annotation
            clipped.box = annotation.box.intersection(picture)
            let isLarge = clipped.box.width >= leastSide && clipped.box.height >= leastSide
            return isLarge ? clipped : nil
        }
    }

    /// The annotations as evaluation wants them; one that is ignored for all classes appears once for each.
    public func truths(width: Int, height: Int, classCount: Int) -> [AnnotatedObject] {
        annotations(width: width, height: height).flatMap { annotation in
            let classes = annotation.classIndex.map { $0..<$0 + 1 } ?? 0..<classCount
            return classes.map { index in
                AnnotatedObject(
                    classIndex: index, box: annotation.box, area: annotation.area,
                    isCrowd: annotation.isIgnored)
            }
        }
    }
}

extension Annotation {
    fileprivate func scaled(_ width: Float, _ height: Float) -> Annotation {
        var scaled = self
        scaled.box = Box(
            x: box.x * width, y: box.y * height, width: box.width * width,
            height: box.height * height)
        return scaled
    }
}

extension Box {
    /// True when all its numbers are finite and it has an extent.
    var isSound: Bool {
        x.isFinite && y.isFinite && width.isFinite && height.isFinite && width > 0 && height > 0
    }
}

/// A data set as it was read: classes, pictures, and what was odd.
public struct AnnotatedSet: Hashable, Sendable {
    /// Name in messages: the path of the set.
    public var name: String
    /// Names of the classes.
    public var classes: [String]
    /// Indices of classes that occur in the pictures but are not annotated in this set.
    public var unlabelled: Set<Int>
    /// Sampling weight of its images in training, relative to those of other sets.
    public var weight: Double
    /// The pictures, in the order that decides between equal scores.
    public var pictures: [AnnotatedPicture]
    /// Notices on oddities that did not prevent reading.
    public var notices: [DatasetNotice]

    /// A set by its parts.
    public init(
        name: String, classes: [String], unlabelled: Set<Int> = [], weight: Double = 1,
        pictures: [AnnotatedPicture] = [], notices: [DatasetNotice] = []
    ) {
        self.name = name
        self.classes = classes
        self.unlabelled = unlabelled
        self.weight = weight
        self.pictures = pictures
        self.notices = notices
    }
}
