/// One ground-truth object of an image.
public struct AnnotatedObject: Hashable, Sendable {
    /// Index into the list of classes.
    public var classIndex: Int
    /// Bounding box, in pixels.
    public var box: Box
    /// Area in square pixels that decides between small, medium and large; COCO gives that of the outline.
    public var area: Double
    /// True for a crowd region (COCO) or a difficult object (VOC): detections of it count neither as hits nor as
    /// false positives.
    public var isCrowd: Bool

    /// Creates an object from its parts; the area defaults to that of the box.
    public init(classIndex: Int, box: Box, area: Double? = nil, isCrowd: Bool = false) {
        self.classIndex = classIndex
        self.box = box
        self.area = area ?? Double(box.width) * Double(box.height)
        self.isCrowd = isCrowd
    }
}

/// Ground truth and detections of one image.
public struct AnnotatedImage: Hashable, Sendable {
    /// Ground-truth objects.
    public var truths: [AnnotatedObject]
    /// Detections; those with a NaN score are ignored.
    public var detections: [Detection]

    /// Creates an image from its parts.
    public init(truths: [AnnotatedObject], detections: [Detection]) {
        self.truths = truths
        self.detections = detections
    }
}
