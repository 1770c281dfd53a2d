/// One object that is known to be in an image.
public struct AnnotatedObject: Hashable, Sendable {
    /// Index into the list of classes.
    public var classIndex: Int
    /// Where it is, in pixels.
    public var box: Box
    /// Area in square pixels by which it counts as small, medium or large; COCO gives that of the outline.
    public var area: Double
    /// True for a region that holds more such objects than were drawn, or for an object too hard to count:
    /// finding it is neither rewarded nor punished.
    public var isCrowd: Bool

    /// An object by its parts; without an area, that of the box.
    public init(classIndex: Int, box: Box, area: Double? = nil, isCrowd: Bool = false) {
        self.classIndex = classIndex
        self.box = box
        self.area = area ?? Double(box.width) * Double(box.height)
        self.isCrowd = isCrowd
    }
}

/// What is known to be in one image, and what a detector claims.
public struct AnnotatedImage: Hashable, Sendable {
    /// What is there.
    public var truths: [AnnotatedObject]
    /// What was claimed; claims whose score is not a number are passed over.
    public var detections: [Detection]

    /// An image by its parts.
    public init(truths: [AnnotatedObject], detections: [Detection]) {
        self.truths = truths
        self.detections = detections
    }
}
