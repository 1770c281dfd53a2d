public import Scene

/// One annotated object, or an ignored region.
public struct Annotation: Hashable, Sendable {
    /// Index into the set's classes; nil for an ignored region that may contain objects of any class.
    public var classIndex: Int?
    /// Bounding box in pixels, or in shares of the image's sides (0 to 1) if ``AnnotatedPicture/isRelative`` is true.
    public var box: Box
    /// Area of the segmentation in square pixels; nil if the format does not give it.
    public var area: Double?
    /// True for a crowd or a difficult object: detections of it count neither as correct nor as false.
    public var isIgnored: Bool

    /// Creates an annotation from its parts.
    public init(classIndex: Int?, box: Box, area: Double? = nil, isIgnored: Bool = false) {
        self.classIndex = classIndex
        self.box = box
        self.area = area
        self.isIgnored = isIgnored || classIndex == nil
    }
}

/// Size of an image in pixels.
public struct PictureExtent: Hashable, Sendable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int

    /// Creates a size from its sides.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// One image with its annotations.
public struct AnnotatedPicture: Hashable, Sendable {
    /// Path of the image, absolute or relative to the working folder.
    public var path: String
    /// Size given by the annotations; nil if they give none.
    public var extent: PictureExtent?
    /// True when boxes are shares of the image's sides (0 to 1) instead of pixels.
    public var isRelative: Bool
    /// The objects, in the order of the file.
    public var annotations: [Annotation]

    /// Creates an image from its parts.
    public init(
        path: String, extent: PictureExtent? = nil, isRelative: Bool = false,
        annotations: [Annotation] = []
    ) {
        self.path = path
        self.extent = extent
        self.isRelative = isRelative
        self.annotations = annotations
    }

    /// Returns the annotations in pixels of an image of this size, neither clipped nor filtered.
    public func annotations(width: Int, height: Int) -> [Annotation] {
        guard isRelative else { return annotations }
        return annotations.map { $0.scaled(Float(width), Float(height)) }
    }

    /// Returns the annotations usable for training: in pixels, clipped to the image, without empty boxes.
    ///
    /// - Parameters:
    ///   - width: Width of the image in pixels.
    ///   - height: Its height.
    ///   - leastSide: Minimum side of a box in pixels; smaller boxes are removed.
    /// - Returns: Annotations with boxes inside the image.
    public func validAnnotations(
        width: Int, height: Int, leastSide: Float = 1
    ) -> [Annotation] {
        let picture = Box(x: 0, y: 0, width: Float(width), height: Float(height))
        return annotations(width: width, height: height).compactMap { annotation in
            guard annotation.box.isValid else { return nil }
            var clipped = annotation
            clipped.box = annotation.box.intersection(picture)
            let isLarge = clipped.box.width >= leastSide && clipped.box.height >= leastSide
            return isLarge ? clipped : nil
        }
    }

    /// Returns the annotations as ground truth for evaluation; one ignored for all classes appears once per class.
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
    /// True when all numbers are finite and the box has a positive width and height.
    var isValid: Bool {
        x.isFinite && y.isFinite && width.isFinite && height.isFinite && width > 0 && height > 0
    }
}

/// A data set after reading: classes, images and notices.
public struct AnnotatedSet: Hashable, Sendable {
    /// Name of the set in messages: the path it was read from.
    public var name: String
    /// Names of the classes.
    public var classes: [String]
    /// Indices of classes that occur in the images but are not annotated in this set.
    public var unlabelled: Set<Int>
    /// Sampling weight of the set's images in training, relative to those of other sets.
    public var weight: Double
    /// The images; their order breaks ties between equal scores.
    public var pictures: [AnnotatedPicture]
    /// Irregularities found that do not prevent use.
    public var notices: [DatasetNotice]

    /// Creates a set from its parts.
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
